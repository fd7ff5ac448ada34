# The front door: each target does all the set-up it needs. Thin over CMakePresets.json.
.PHONY: program train build test python-package test-python test-python-torch test-engines package \
  test-package package-gpu test-package-gpu torture bench bench-gpu gpu-day gpu-bundle peers \
  peers-environments wheel test-wheel wheel-gpu test-wheel-gpu format clean
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

# The Python package in the tests' build: the module, over what is compiled there anyway.
python-package:
	@scripts/setup.sh
	@$(call configure,test)
	@cmake --build --preset test --target sac_python sac_cuda

# Its tests are among those of `make test`; these are they alone.
test-python: python-package
	@ctest --preset test -R '^python\.' -j $(JOBS)

# What needs PyTorch besides: 5 GB from PyPI.
test-python-torch: python-package
	@.python-venv/bin/pip install --quiet --disable-pip-version-check -r python/tests/requirements-torch.txt
	@PYTHONPATH=build-test/python .python-venv/bin/python -m pytest python/tests/with_torch

# Policies trained here, played in the real Gymnasium, MuJoCo and PyBullet through their export: two minutes,
# after 600 MB from PyPI.
ENGINES = tests/python/engines.txt
test-engines: program
	@cmp -s $(ENGINES) .engines-venv/installed || { python3 -m venv .engines-venv && \
	  .engines-venv/bin/pip install --quiet --no-deps -r $(ENGINES) && cp $(ENGINES) .engines-venv/installed; }
	.engines-venv/bin/python scripts/real_engines.py build/sac_cuda $(ARGS)

# A .deb and a .tar.gz of the program for the CPU, in build-package/packages.
package:
	@scripts/setup.sh package
	@$(call configure,package)
	@cmake --build --preset package --target sac_cuda
	@rm -rf build-package/packages
	@cd build-package && cpack > cpack.log 2>&1 || { cat cpack.log; exit 1; }
	@ls -sh1 build-package/packages/*.*

# Unpacked into empty folders, and run there from an empty environment.
test-package: package
	@tests/package_test.sh build-package

# The same, and another .deb and .tar.gz that add the kernels for GPUs to them: build-package-gpu/packages.
package-gpu:
	@scripts/setup.sh package
	@$(call configure,package-gpu)
	@cmake --build --preset package-gpu --target sac_cuda sac_cuda_gpu
	@rm -rf build-package-gpu/packages
	@cd build-package-gpu && { cpack && cpack -D CPACK_SAC_GPU=ON; } > cpack.log 2>&1 || { cat cpack.log; exit 1; }
	@ls -sh1 build-package-gpu/packages/*.*

test-package-gpu: package-gpu
	@tests/package_test.sh build-package-gpu

# A wheel of the Python package that brings its libraries along, in build-wheel.
wheel:
	@scripts/setup.sh package
	@rm -rf build-wheel
	@.package-venv/bin/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build-wheel/plain \
	  -C install.components="python;licences" .
	@PATH="$$PWD/.package-venv/bin:$$PATH" auditwheel repair --wheel-dir build-wheel build-wheel/plain/*.whl
	@ls -sh1 build-wheel/*.whl

# Installed into an empty virtual environment, and used there: the first minutes of a user, timed.
test-wheel: wheel
	@tests/wheel_test.sh build-wheel

# A wheel that adds the kernels for GPUs to it, in build-wheel-gpu.
wheel-gpu:
	@scripts/setup.sh package
	@rm -rf build-wheel-gpu
	@.package-venv/bin/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build-wheel-gpu/plain python/gpu
	@PATH="$$PWD/.package-venv/bin:$$PATH" auditwheel repair --wheel-dir build-wheel-gpu build-wheel-gpu/plain/*.whl
	@ls -sh1 build-wheel-gpu/*.whl

test-wheel-gpu: wheel wheel-gpu
	@tests/wheel_test.sh build-wheel build-wheel-gpu

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

# The Python package's vector environments beside EnvPool's and Gymnasium's, after 1 GB from PyPI.
ENVIRONMENTS = bench/peers/requirements-environments.txt
peers-environments: python-package
	@cmp -s $(ENVIRONMENTS) .environments-venv/installed || { python3 -m venv .environments-venv && \
	  .environments-venv/bin/pip install --quiet -r $(ENVIRONMENTS) && \
	  cp $(ENVIRONMENTS) .environments-venv/installed; }
	@PYTHONPATH=build-test/python .environments-venv/bin/python bench/peers/compare_environments.py $(ARGS)

format:
	@git ls-files '*.h' '*.cpp' '*.cu' '*.cuh' | xargs -r clang-format -i

clean:
	@rm -rf build build-*
