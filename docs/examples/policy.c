/* Acts with an exported policy, without any library: cc policy.c -lm, with policy.h beside it. */
#include <stdio.h>
#include <stdlib.h>

#include "policy.h"

int main(int argc, char **argv) {
  float obs[3], action[1];
  for (int i = 0; i < 3; ++i) obs[i] = i + 1 < argc ? strtof(argv[i + 1], NULL) : 0;
  policy_action(obs, action);
  printf("torque %f\n", action[0]);
  return 0;
}
