// Streams, events, capture and graphs.
#include <array>
#include <chrono>
#include <cmath>
#include <thread>

#include "launch_fixture.h"
#include "simt/library.h"

namespace {

__global__ void add(float* value, float summand) {
  value[threadIdx.x] += summand;
}
__global__ void advance(int* step, const float* rate, float* sum) {
  *sum += *rate * static_cast<float>(++*step);
}

class StreamTest : public SimtTest {
 protected:
  StreamTest() {
    EXPECT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
    EXPECT_EQ(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), cudaSuccess);
    EXPECT_EQ(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), cudaSuccess);
  }
  ~StreamTest() override {
    simt::reset();
    EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
    EXPECT_EQ(cudaStreamDestroy(other), cudaSuccess);
    EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
  }

  template <class... Parameters, class... Arguments>
  static cudaError_t submit(cudaStream_t where, void (*kernel)(Parameters...),
                            Arguments&&... arguments) {
    cudaLaunchConfig_t config{};
    config.gridDim = 1;
    config.blockDim = 1;
    config.stream = where;
    return cudaLaunchKernelEx(&config, kernel, std::forward<Arguments>(arguments)...);
  }

  cudaStream_t stream = nullptr, other = nullptr;
  cudaEvent_t event = nullptr;
};

TEST_F(StreamTest, WorkRunsWhenTheHostWaits) {
  float* pinned = nullptr;
  ASSERT_EQ(cudaMallocHost(&pinned, sizeof(float)), cudaSuccess);
  const DeviceArray<float> value(std::vector<float>{1});
  ASSERT_EQ(submit(stream, add, value.get(), 2.0f), cudaSuccess);
  ASSERT_EQ(cudaMemcpyAsync(pinned, value.get(), sizeof(float), cudaMemcpyDeviceToHost, stream),
            cudaSuccess);
  EXPECT_TRUE(std::isnan(*pinned));  // what a host that does not wait sees
  ASSERT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  EXPECT_EQ(*pinned, 3.0f);
  simt::Options options = simt::options();
  options.deferred = false;
  simt::set_options(options);
  submit(stream, add, value.get(), 2.0f);
  cudaMemcpyAsync(pinned, value.get(), sizeof(float), cudaMemcpyDeviceToHost, stream);
  EXPECT_EQ(*pinned, 5.0f);
  ASSERT_EQ(cudaFreeHost(pinned), cudaSuccess);
}

TEST_F(StreamTest, PageableMemoryIsReadAtOnceAndWrittenBeforeTheCallReturns) {
  const DeviceArray<float> value(1);
  float host = 4.0f;
  ASSERT_EQ(cudaMemcpyAsync(value.get(), &host, sizeof host, cudaMemcpyHostToDevice, stream),
            cudaSuccess);
  host = 0.0f;
  float back = 0.0f;
  ASSERT_EQ(cudaMemcpyAsync(&back, value.get(), sizeof back, cudaMemcpyDeviceToHost, stream),
            cudaSuccess);
  EXPECT_EQ(back, 4.0f);
}

TEST_F(StreamTest, HostFunctionsRunInTheirTurn) {
  const DeviceArray<float> value(std::vector<float>{1});
  struct Look {
    const float* from;
    float seen;
  } look{value.get(), 0};
  submit(stream, add, value.get(), 2.0f);
  cudaLaunchHostFunc(
      stream,
      [](void* argument) {
        Look& mine = *static_cast<Look*>(argument);
        mine.seen = *mine.from;
      },
      &look);
  submit(stream, add, value.get(), 4.0f);
  EXPECT_EQ(look.seen, 0.0f);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(look.seen, 3.0f);
}

TEST_F(StreamTest, EventsMeasureTime) {
  cudaEvent_t start = nullptr, end = nullptr;
  ASSERT_EQ(cudaEventCreate(&start), cudaSuccess);
  ASSERT_EQ(cudaEventCreate(&end), cudaSuccess);
  float milliseconds = -1;
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaErrorInvalidResourceHandle);
  cudaEventRecord(start, stream);
  const auto nap = [](void*) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); };
  cudaLaunchHostFunc(stream, nap, nullptr);
  cudaEventRecord(end, stream);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaErrorNotReady);
  EXPECT_EQ(cudaEventSynchronize(end), cudaSuccess);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaSuccess);
  EXPECT_GE(milliseconds, 5.0f);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, event, end), cudaErrorInvalidResourceHandle);
  cudaEventDestroy(start);
  cudaEventDestroy(end);
}

class GraphTest : public StreamTest {
 protected:
  ~GraphTest() override {
    if (executable) cudaGraphExecDestroy(executable);
  }

  /// Captures what `record` submits to `stream`.
  template <class F>
  cudaError_t capture(F&& record) {
    cudaGraph_t graph = nullptr;
    EXPECT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), cudaSuccess);
    record();
    const cudaError_t error = cudaStreamEndCapture(stream, &graph);
    if (error != cudaSuccess) {
      EXPECT_EQ(graph, nullptr);
      return error;
    }
    types.clear();
    size_t count = 0;
    EXPECT_EQ(cudaGraphGetNodes(graph, nullptr, &count), cudaSuccess);
    std::vector<cudaGraphNode_t> nodes(count);
    EXPECT_EQ(cudaGraphGetNodes(graph, nodes.data(), &count), cudaSuccess);
    for (cudaGraphNode_t node : nodes) {
      EXPECT_EQ(cudaGraphNodeGetType(node, &types.emplace_back()), cudaSuccess);
    }
    EXPECT_EQ(cudaGraphInstantiate(&executable, graph), cudaSuccess);
    EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
    return cudaSuccess;
  }

  cudaGraphExec_t executable = nullptr;
  std::vector<cudaGraphNodeType> types;
};

TEST_F(GraphTest, ReplaysWhatWasCapturedWithItsArguments) {
  const DeviceArray<float> value(std::vector<float>{0});
  float summand = 1.0f;
  ASSERT_EQ(capture([&] {
              submit(stream, add, value.get(), summand);
              cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
              EXPECT_EQ(cudaStreamIsCapturing(stream, &status), cudaSuccess);
              EXPECT_EQ(status, cudaStreamCaptureStatusActive);
            }),
            cudaSuccess);
  EXPECT_EQ(value.values()[0], 0.0f);  // captured work does not run
  summand = 100.0f;                    // frozen at its value at capture
  for (int i = 0; i < 3; ++i) EXPECT_EQ(cudaGraphLaunch(executable, stream), cudaSuccess);
  EXPECT_EQ(value.values()[0], 3.0f);
}

TEST_F(GraphTest, ALibrarysWorkRunsInItsTurn) {
  const DeviceArray<float> value(std::vector<float>{1});
  ASSERT_EQ(capture([&] {
              submit(stream, add, value.get(), 1.0f);
              simt::submit(stream, [pointer = value.get()] { *pointer *= 10; });
              submit(stream, add, value.get(), 2.0f);
            }),
            cudaSuccess);
  EXPECT_EQ(types, (std::vector(3, cudaGraphNodeTypeKernel)));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(cudaGraphLaunch(executable, stream), cudaSuccess);
  EXPECT_EQ(value.values()[0], 232.0f);  // ((1 + 1) 10 + 2 + 1) 10 + 2
}

TEST_F(GraphTest, DeviceStateAdvancesBetweenReplays) {
  const DeviceArray<int> step(1);
  const DeviceArray<float> rate(std::vector<float>{0.5f}), sum(1);
  ASSERT_EQ(capture([&] {
              cudaMemsetAsync(sum.get(), 0, sizeof(float), stream);
              submit(stream, advance, step.get(), rate.get(), sum.get());
            }),
            cudaSuccess);
  EXPECT_EQ(types, (std::vector{cudaGraphNodeTypeMemset, cudaGraphNodeTypeKernel}));
  ASSERT_EQ(cudaMemset(step.get(), 0, sizeof(int)), cudaSuccess);
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(cudaGraphLaunch(executable, stream), cudaSuccess);
    EXPECT_EQ(sum.values()[0], 0.5f * static_cast<float>(i));
  }
}

TEST_F(GraphTest, StreamsForkAndJoin) {
  const DeviceArray<float> value(std::vector<float>{0}), second(std::vector<float>{0});
  const auto record = [&](bool join) {
    submit(stream, add, value.get(), 1.0f);
    cudaEventRecord(event, stream);
    cudaStreamWaitEvent(other, event);
    submit(other, add, second.get(), 1.0f);
    cudaEventRecord(event, other);
    if (join) cudaStreamWaitEvent(stream, event);
  };
  EXPECT_EQ(capture([&] { record(false); }), cudaErrorStreamCaptureUnjoined);
  EXPECT_EQ(capture([&] { record(true); }), cudaSuccess);
  EXPECT_EQ(types.size(), 2u);
  cudaGraphLaunch(executable, stream);
  EXPECT_EQ(second.values()[0], 1.0f);
  submit(other, add, second.get(), 1.0f);  // capturing no longer
  EXPECT_EQ(second.values()[0], 2.0f);
}

TEST_F(GraphTest, WaitingAndAllocatingSpoilACapture) {
  const DeviceArray<float> value(std::vector<float>{0});
  float host = 0;
  void* memory = nullptr;
  const auto refused = [&](auto&& call) {
    EXPECT_EQ(capture([&] { EXPECT_EQ(call(), cudaErrorStreamCaptureUnsupported); }),
              cudaErrorStreamCaptureInvalidated);
  };
  refused([&] { return cudaStreamSynchronize(stream); });
  refused([&] { return cudaDeviceSynchronize(); });
  refused([&] { return cudaMalloc(&memory, 4); });
  refused([&] { return cudaMemcpy(&host, value.get(), sizeof host, cudaMemcpyDeviceToHost); });
}

TEST_F(GraphTest, CaptureMistakes) {
  cudaGraph_t graph = nullptr;
  EXPECT_EQ(cudaStreamBeginCapture(nullptr, cudaStreamCaptureModeGlobal),
            cudaErrorStreamCaptureUnsupported);
  EXPECT_EQ(cudaStreamEndCapture(stream, &graph), cudaErrorIllegalState);
  cudaStream_t blocking = nullptr;
  const DeviceArray<float> value(std::vector<float>{0});
  ASSERT_EQ(cudaStreamCreate(&blocking), cudaSuccess);
  ASSERT_EQ(cudaStreamBeginCapture(blocking, cudaStreamCaptureModeGlobal), cudaSuccess);
  EXPECT_EQ(cudaStreamBeginCapture(blocking, cudaStreamCaptureModeGlobal), cudaErrorIllegalState);
  EXPECT_EQ(submit(nullptr, add, value.get(), 1.0f), cudaErrorStreamCaptureImplicit);
  EXPECT_EQ(cudaStreamEndCapture(blocking, &graph), cudaErrorStreamCaptureInvalidated);
  EXPECT_EQ(cudaStreamDestroy(blocking), cudaSuccess);
}

}  // namespace
