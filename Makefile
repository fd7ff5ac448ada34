# The front door: each target does all the set-up it needs. Thin over CMakePresets.json.
.PHONY: build train test bench bench-gpu peers format clean
.DEFAULT_GOAL := build

PRESET ?= release

build:
	@scripts/setup.sh
	@cmake --preset $(PRESET) > build.log 2>&1 || { cat build.log; exit 1; }
	@rm -f build.log
	@cmake --build --preset $(PRESET)

train: build
	build/sac_cuda train $(ARGS)

test: build
	@ctest --preset $(PRESET)

bench: build
	build/sac_bench $(ARGS)

# The kernels on the GPU that is here: needs the CUDA Toolkit, a C++20 compiler and CMake, nothing else.
OUT ?= bench/results
bench-gpu:
	@cmake --preset bench-gpu > build.log 2>&1 || { cat build.log; exit 1; }
	@rm -f build.log
	@cmake --build --preset bench-gpu --parallel
	build-bench-gpu/sac_bench_gpu --out $(OUT) --commit "$$(git describe --always --dirty)" $(ARGS)

# Against PyTorch, JAX, Stable-Baselines3 and SBX: bench/peers/README.md.
peers: build
	@bench/peers/setup.sh
	.venv/bin/python bench/peers/compare.py $(ARGS)

format:
	@git ls-files '*.h' '*.cpp' '*.cu' '*.cuh' | xargs -r clang-format -i

clean:
	@rm -rf build build-*
