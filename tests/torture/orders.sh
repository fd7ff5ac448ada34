# The kernels on the emulator in 20 random orders of their threads and blocks: the same bits in each. Part of
# scripts/torture.sh; tests/gpu/emulator_only/orders_test.cpp is the test.

orders() {
  local filter
  filter=$(choose '*KernelOrders*' '*KernelOrders*_32:*KernelOrders*_48')
  SAC_ORDERS=20 SAC_ORDER_SEED=$((seed + 1)) "$build/sac_kernel_tests_simt" --gtest_filter="$filter" \
    > log 2>&1 || found "$(grep -aE '^order|Failure|FAILED|simt:' log | head -20)"
  figure "$(grep -c '\[       OK' log) kinds of kernels in 20 orders each, seeds $((seed + 1)) to $((seed + 20))"
}
