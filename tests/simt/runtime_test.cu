// Memory calls, launch limits, the device's properties, errors.
#include <cmath>
#include <cstdint>
#include <cstring>

#include "launch_fixture.h"

#include <nvtx3/nvToolsExt.h>

namespace {

using simt::Finding;
using RuntimeTest = SimtTest;

__global__ void nothing() {}
__global__ void sum_arguments(float4 a, double b, const int* c, float* out) {
  *out = a.x + a.y + a.z + a.w + static_cast<float>(b) + static_cast<float>(*c);
}

TEST_F(RuntimeTest, NewMemoryIsNan) {
  const DeviceArray<float> device(100);
  for (float value : device.values()) EXPECT_TRUE(std::isnan(value));
  float* pinned = nullptr;
  ASSERT_EQ(cudaMallocHost(&pinned, 100 * sizeof(float)), cudaSuccess);
  EXPECT_TRUE(std::isnan(pinned[99]));
  EXPECT_EQ(cudaFreeHost(pinned), cudaSuccess);
}

TEST_F(RuntimeTest, AllocationsAreAlignedAndApart) {
  const DeviceArray<char> a(1), b(300), c(5000);
  for (const void* p : {a.get(), b.get(), c.get()}) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(p) % 256, 0u);
  }
  EXPECT_GE(std::abs(b.get() - a.get()), 4096);
}

TEST_F(RuntimeTest, MemoryRunsOut) {
  void* memory = &memory;
  size_t free_bytes = 0, total = 0;
  ASSERT_EQ(cudaMemGetInfo(&free_bytes, &total), cudaSuccess);
  EXPECT_EQ(cudaMalloc(&memory, total + 1), cudaErrorMemoryAllocation);
  EXPECT_EQ(memory, nullptr);
  EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  size_t left = 0;
  ASSERT_EQ(cudaMalloc(&memory, 1000), cudaSuccess);
  ASSERT_EQ(cudaMemGetInfo(&left, &total), cudaSuccess);
  EXPECT_EQ(left, free_bytes - 1000);
  ASSERT_EQ(cudaFree(memory), cudaSuccess);
  ASSERT_EQ(cudaMemGetInfo(&left, &total), cudaSuccess);
  EXPECT_EQ(left, free_bytes);
}

TEST_F(RuntimeTest, FreeingWhatIsNotAllocatedIsAnError) {
  int host = 0;
  const DeviceArray<int> device(4);
  EXPECT_EQ(cudaFree(nullptr), cudaSuccess);
  EXPECT_EQ(cudaFree(&host), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(device.get() + 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFreeHost(device.get()), cudaErrorInvalidValue);
}

TEST_F(RuntimeTest, CopiesOfTheWrongSideOrSizeAreReported) {
  const DeviceArray<int> device(std::vector<int>{1, 2, 3, 4});
  std::vector<int> host(8);
  EXPECT_EQ(cudaMemcpy(host.data(), device.get(), 20, cudaMemcpyDeviceToHost),
            cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device.get(), host.data(), 16, cudaMemcpyDeviceToHost),
            cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host.data(), host.data() + 4, 16, cudaMemcpyDeviceToDevice),
            cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(device.get() + 1, 0, 16), cudaErrorInvalidValue);
  EXPECT_EQ(findings(), std::vector<Finding>(4, Finding::out_of_bounds));
  EXPECT_EQ(cudaMemcpy(host.data(), device.get(), 16, cudaMemcpyDefault), cudaSuccess);
  EXPECT_EQ(host[3], 4);
  EXPECT_EQ(findings().size(), 4u);
}

TEST_F(RuntimeTest, CopyOfFreedMemoryInAStreamIsReported) {
  const DeviceArray<int> device(4);
  int* freed = nullptr;
  cudaStream_t stream = nullptr;
  ASSERT_EQ(cudaMalloc(&freed, 16), cudaSuccess);
  ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  ASSERT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed), cudaSuccess);
  cudaMemcpyAsync(device.get(), freed, 16, cudaMemcpyDeviceToDevice, stream);
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  ASSERT_EQ(cudaStreamEndCapture(stream, &graph), cudaSuccess);
  ASSERT_EQ(cudaGraphInstantiate(&executable, graph), cudaSuccess);
  ASSERT_EQ(cudaFree(freed), cudaSuccess);
  EXPECT_EQ(cudaGraphLaunch(executable, stream), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaErrorIllegalAddress);
  EXPECT_EQ(findings(), std::vector{Finding::out_of_bounds});
  simt::reset();
  cudaGraphExecDestroy(executable);
  cudaGraphDestroy(graph);
  cudaStreamDestroy(stream);
}

TEST_F(RuntimeTest, LaunchLimits) {
  EXPECT_EQ(run(nothing, 1, 1024, 0), cudaSuccess);
  EXPECT_EQ(run(nothing, 1, 1025, 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(run(nothing, 1, dim3(32, 33), 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(run(nothing, 1, dim3(1, 1, 65), 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(run(nothing, 0, 1, 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(run(nothing, dim3(1, 65536), 1, 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(cudaPeekAtLastError(), cudaErrorInvalidConfiguration);
}

TEST_F(RuntimeTest, MuchSharedMemoryNeedsOptingIn) {
  constexpr int kMuch = 100 * 1024, kMost = 227 * 1024;
  EXPECT_EQ(run(nothing, 1, 32, 48 * 1024), cudaSuccess);
  EXPECT_EQ(run(nothing, 1, 32, kMuch), cudaErrorInvalidValue);
  const auto opt_in = [](int bytes) {
    return cudaFuncSetAttribute(nothing, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
  };
  EXPECT_EQ(opt_in(kMuch), cudaSuccess);
  EXPECT_EQ(run(nothing, 1, 32, kMuch), cudaSuccess);
  EXPECT_EQ(run(nothing, 1, 32, kMuch + 1), cudaErrorInvalidValue);
  EXPECT_EQ(opt_in(kMost), cudaSuccess);
  EXPECT_EQ(opt_in(kMost + 1), cudaErrorInvalidValue);
}

TEST_F(RuntimeTest, AttributesOfAKernel) {
  cudaFuncAttributes attributes{};
  ASSERT_EQ(cudaFuncGetAttributes(&attributes, nothing), cudaSuccess);
  EXPECT_EQ(attributes.maxThreadsPerBlock, 1024);
  EXPECT_EQ(attributes.binaryVersion, 80);
}

TEST_F(RuntimeTest, ADeviceMayHaveNoCode) {
  simt::Options options = simt::options();
  options.has_code = false;
  simt::set_options(options);
  cudaFuncAttributes attributes{};
  EXPECT_EQ(cudaFuncGetAttributes(&attributes, nothing), cudaErrorNoKernelImageForDevice);
  EXPECT_EQ(run(nothing, 1, 1, 0), cudaErrorNoKernelImageForDevice);
  options.has_code = true;
  simt::set_options(options);
  EXPECT_EQ(run(nothing, 1, 1, 0), cudaSuccess);
}

TEST_F(RuntimeTest, BothLaunchCallsPassArguments) {
  const DeviceArray<int> c(std::vector<int>{32});
  const DeviceArray<float> out(1);
  EXPECT_EQ(run(sum_arguments, 1, 1, 0, make_float4(1, 2, 4, 8), 16, c.get(), out.get()),
            cudaSuccess);
  EXPECT_EQ(out.values()[0], 63.0f);
  float4 a = make_float4(1, 1, 1, 1);
  double b = 2;
  const int* pointer = c.get();
  float* target = out.get();
  void* arguments[] = {&a, &b, &pointer, &target};
  EXPECT_EQ(cudaLaunchKernel(sum_arguments, 1, 1, arguments), cudaSuccess);
  EXPECT_EQ(out.values()[0], 38.0f);
}

TEST_F(RuntimeTest, DeviceProperties) {
  int count = 0, device = -1, value = 0;
  cudaDeviceProp properties;
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
  EXPECT_EQ(count, 1);
  EXPECT_EQ(cudaGetDevice(&device), cudaSuccess);
  EXPECT_EQ(device, 0);
  EXPECT_EQ(cudaSetDevice(0), cudaSuccess);
  EXPECT_EQ(cudaSetDevice(1), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 1), cudaErrorInvalidDevice);
  ASSERT_EQ(cudaGetDeviceProperties(&properties, 0), cudaSuccess);
  EXPECT_STREQ(properties.name, "SIMT emulator on the CPU: times mean nothing");
  EXPECT_EQ(properties.multiProcessorCount, 132);
  EXPECT_EQ(properties.major, 8);
  EXPECT_EQ(cudaDeviceGetAttribute(&value, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0),
            cudaSuccess);
  EXPECT_EQ(value, 227 * 1024);
  char place[16];
  EXPECT_EQ(cudaDeviceGetPCIBusId(place, sizeof place, 0), cudaSuccess);
  EXPECT_STREQ(place, "0000:00:00.0");
  EXPECT_EQ(cudaDeviceGetPCIBusId(place, 12, 0), cudaErrorInvalidValue);
  EXPECT_EQ(cudaDeviceGetPCIBusId(place, sizeof place, 1), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaRuntimeGetVersion(&value), cudaSuccess);
  EXPECT_GE(value, 12000);
}

TEST_F(RuntimeTest, OccupancyByThreadsAndSharedMemory) {
  int blocks = 0;
  const auto occupancy = [&](int threads, size_t shared_bytes) {
    EXPECT_EQ(
        cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, nothing, threads, shared_bytes),
        cudaSuccess);
    return blocks;
  };
  EXPECT_EQ(occupancy(256, 0), 8);
  EXPECT_EQ(occupancy(256, 97 * 1024), 2);
  EXPECT_EQ(occupancy(32, 0), 32);
}

TEST_F(RuntimeTest, ErrorsHaveNames) {
  EXPECT_STREQ(cudaGetErrorName(cudaErrorIllegalAddress), "cudaErrorIllegalAddress");
  EXPECT_STREQ(cudaGetErrorString(cudaErrorMemoryAllocation), "out of memory");
  EXPECT_STREQ(cudaGetErrorName(static_cast<cudaError_t>(12345)), "cudaErrorUnknown");
}

TEST_F(RuntimeTest, RangesForProfilersAreAccepted) {
  EXPECT_GE(nvtxRangePushA("range"), 0);
  EXPECT_GE(nvtxRangePop(), 0);
}

}  // namespace
