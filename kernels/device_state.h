// Where the data of P agents lies in device memory: sizes and base pointers, passed by value to
// every kernel and unchanged for the life of a learner. Agent p's part starts p strides after the
// base; a kernel's grid has the agents as its y dimension.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/control.h"
#include "kernels/layout.h"
#include "kernels/precision.h"
#include "kernels/scratch.h"

namespace sac {

struct DeviceState {
  Shape shape;
  int agents = 1;
  int batch = 0;
  Precision precision = Precision::fp32;
  int environment = -1;   ///< index in Environments; -1: none, and the last five pointers are null
  uint64_t envs = 0;      ///< environments per agent
  uint64_t capacity = 0;  ///< transitions per agent

  NetworkLayout networks[kNetworks];
  ScratchLayout scratch_layout;
  size_t parameter_stride = 0;

  AgentControl* control = nullptr;     ///< [P]
  float* parameters = nullptr;         ///< [P, parameter_stride]
  uint16_t* w2_bf16 = nullptr;         ///< [P, kNetworks, H, H], for Precision::bf16 alone
  float* adam_m = nullptr;             ///< [P, parameter_stride]
  float* adam_v = nullptr;             ///< [P, parameter_stride]
  float* gradients = nullptr;          ///< [parameter_stride], agent 0; null unless they are wanted
  float* scratch = nullptr;            ///< [P, scratch_layout.size]
  float* replay = nullptr;             ///< [P, capacity, record size]
  float* environment_state = nullptr;  ///< [P, scalars of State, envs]
  int* episode_steps = nullptr;        ///< [P, envs], steps since the episode's start
  uint64_t* vector_step = nullptr;     ///< [P, envs], each environment's own count of its steps
};

/// A batch and noise given from outside instead of sampled; null pointers: sample. One agent.
struct GivenBatch {
  const float* records = nullptr;       ///< [B, record size]
  const float* value_noise = nullptr;   ///< [B, A]
  const float* policy_noise = nullptr;  ///< [B, A]
};

}  // namespace sac
