#include "host/cpu/forward.h"

#include "host/cpu/thin_layers.h"

namespace sac::cpu {

template <class Arithmetic>
Forward<Arithmetic>::Forward(int rows, int hidden)
    : rows_(rows),
      product_({.m = rows,
                .n = hidden,
                .k = hidden,
                .lda = hidden,
                .ldb = hidden,
                .ldc = hidden,
                .bias_relu = true}) {}

template <class Arithmetic>
void Forward<Arithmetic>::run(const NetworkWeights<Arithmetic>& w, const NetworkInput<T>& x,
                              Operand* h1, T* h2, T* y) {
  first_layer(w, x, rows_, h1);
  product_.run(h1, w.w2t, w.b2, h2);
  head(w, h2, rows_, y);
}

template class Forward<Float64>;
template class Forward<Float32>;
template class Forward<Bf16>;
template class Forward<Bf16InFloat>;

}  // namespace sac::cpu
