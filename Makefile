# The front door: each target does all the set-up it needs. Thin over CMakePresets.json.
.PHONY: program train build test python-package test-python test-python-torch test-engines torture bench \
  bench-gpu gpu-day gpu-bundle peers format clean
.DEFAULT_GOAL := program

JOBS ?= $(shell nproc)

# configure PRESET [OPTIONS]: quiet unless it fails.
configure = cmake --preset $(1) $(2) > build.log 2>&1 || { cat build.log; exit 1; }; rm -f build.log

# build/sac_cuda and nothing else.
program:
	@scripts/setup.sh program
	@$(call configure,program)
	@cmake --build --preset program --target sac_cuda

train: program
	build/sac_cuda train $(ARGS)

# Everything there is, tests included, in build-test; PRESET=clang or asan for another way.
PRESET ?= test
build:
	@scripts/setup.sh
	@$(call configure,$(PRESET))
	@cmake --build --preset $(PRESET)

test: build
	@ctest --preset $(PRESET) -j $(JOBS)

# The Python package, as pip builds it, in an environment of its own.
python-package:
	@scripts/setup.sh python
	@.python-venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps .

test-python: python-package
	@SAC_CUDA="$$(ls -t build-python/*/sac_cuda | head -n 1)" .python-venv/bin/python -m pytest

# What needs PyTorch besides: 5 GB from PyPI.
test-python-torch: python-package
	@.python-venv/bin/pip install --quiet --disable-pip-version-check -r python/tests/requirements-torch.txt
	@.python-venv/bin/python -m pytest python/tests/with_torch

# Policies trained here, played in the real Gymnasium, MuJoCo and PyBullet through their export: two minutes,
# after 600 MB from PyPI.
ENGINES = tests/python/engines.txt
test-engines: program
	@cmp -s $(ENGINES) .engines-venv/installed || { python3 -m venv .engines-venv && \
	  .engines-venv/bin/pip install --quiet --no-deps -r $(ENGINES) && cp $(ENGINES) .engines-venv/installed; }
	.engines-venv/bin/python scripts/real_engines.py build/sac_cuda $(ARGS)

# What would break a run, done to it for an hour and more; `make test` has a minute of each part.
torture: build
	@scripts/torture.sh --build build-$(PRESET) $(ARGS)

bench:
	@scripts/setup.sh
	@$(call configure,program)
	@cmake --build --preset program --target sac_bench
	build/sac_bench $(ARGS)

# The kernels on the GPU that is here: needs the CUDA Toolkit, a C++20 compiler and CMake, nothing else.
OUT ?= bench/results
bench-gpu:
	@$(call configure,bench-gpu)
	@cmake --build --preset bench-gpu --parallel $(JOBS)
	build-bench-gpu/sac_bench_gpu --out $(OUT) --commit "$$(git describe --always --dirty)" $(ARGS)

# All that the first minutes on a machine with a GPU should tell, in at most eight after the build.
GPU_PROGRAMS = sac_cuda sac_bench_gpu sac_kernel_tests sac_step_worker
gpu-day:
	@scripts/setup.sh
	@$(call configure,gpu)
	@cmake --build --preset gpu --parallel $(JOBS) --target $(GPU_PROGRAMS)
	@scripts/gpu_day.sh $(OUT) build-gpu

# The same to be carried to a machine that has nothing but a driver; ARCH=90 is for an H100.
ARCH ?= 90
gpu-bundle:
	@scripts/setup.sh
	@$(call configure,gpu-bundle,-DCMAKE_CUDA_ARCHITECTURES="$(ARCH)")
	@cmake --build --preset gpu-bundle --parallel $(JOBS) --target $(GPU_PROGRAMS)
	@scripts/gpu_bundle.sh build-gpu-bundle "sac_cuda-sm_$(ARCH)"

# Against PyTorch, JAX, Stable-Baselines3 and SBX: bench/peers/README.md.
peers:
	@scripts/setup.sh
	@$(call configure,program)
	@cmake --build --preset program
	@bench/peers/setup.sh
	.venv/bin/python tests/python/pytorch_policy_test.py build/sac_cuda >&2
	.venv/bin/python tests/python/pytorch_step_test.py build/sac_cuda >&2
	.venv/bin/python tests/docs/commands_test.py build/sac_cuda docs/checking-your-code.md >&2
	.venv/bin/python bench/peers/compare.py $(ARGS)

format:
	@git ls-files '*.h' '*.cpp' '*.cu' '*.cuh' | xargs -r clang-format -i

clean:
	@rm -rf build build-*
