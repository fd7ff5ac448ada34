#include "host/cpu/gemm.h"

#include <oneapi/dnnl/dnnl.hpp>
#include <type_traits>
#include <vector>

// From the OpenMP runtime that oneDNN is built on; <omp.h> belongs to the compiler, which need not
// be the same one.
extern "C" void omp_set_num_threads(int threads);

namespace sac::cpu {
namespace {

using dnnl::memory;

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

template <class Element>
constexpr memory::data_type kType =
    std::is_same_v<Element, float> ? memory::data_type::f32 : memory::data_type::bf16;

/// A plain row-major matrix, or its transposed view.
template <class Element>
memory::desc matrix(int64_t rows, int64_t cols, int64_t ld, bool transposed = false) {
  const memory::dims strides = transposed ? memory::dims{1, ld} : memory::dims{ld, 1};
  return {{rows, cols}, kType<Element>, strides};
}

/// A memory object whose data comes with each run.
memory placeholder(const memory::desc& desc) {
  return {desc, cpu_engine(), nullptr};
}

/// oneDNN promises not to write to its sources.
template <class Element>
void point(memory& m, const Element* data) {
  m.set_data_handle(const_cast<Element*>(data));
}

// oneDNN 3 dropped the descriptors of operations and the scale of an elementwise operation.
#if DNNL_VERSION_MAJOR >= 3
dnnl::post_ops relu() {
  dnnl::post_ops operations;
  operations.append_eltwise(dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  return operations;
}

/// An empty description of the bias means none.
dnnl::matmul::primitive_desc product(const memory::desc& a, const memory::desc& b,
                                     const memory::desc& bias, const memory::desc& c,
                                     const dnnl::primitive_attr& attributes) {
  return {cpu_engine(), a, b, bias, c, attributes};
}
#else
dnnl::post_ops relu() {
  dnnl::post_ops operations;
  operations.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  return operations;
}

/// An empty description of the bias means none.
dnnl::matmul::primitive_desc product(const memory::desc& a, const memory::desc& b,
                                     const memory::desc& bias, const memory::desc& c,
                                     const dnnl::primitive_attr& attributes) {
  return {{a, b, bias, c}, attributes, cpu_engine()};
}
#endif

void execute(const dnnl::primitive& primitive, const dnnl::stream& stream,
             const std::vector<dnnl_exec_arg_t>& arguments) {
  dnnl::error::wrap_c_api(
      dnnl_primitive_execute(primitive.get(), stream.get(), static_cast<int>(arguments.size()),
                             arguments.data()),
      "oneDNN could not execute a primitive");
}

}  // namespace

bool has_bf16_products() {
  constexpr unsigned kBf16 = dnnl_cpu_isa_avx512_core_bf16;
  static const bool has = (static_cast<unsigned>(dnnl_get_effective_cpu_isa()) & kBf16) == kBf16;
  return has;
}

void keep_products_on_one_thread() {
  omp_set_num_threads(1);
}

template <class Operand>
struct Product<Operand>::Primitive {
  explicit Primitive(const ProductShape& s)
      : stream(cpu_engine()),
        a(placeholder(matrix<Operand>(s.m, s.k, s.lda, s.a_transposed))),
        b(placeholder(matrix<Operand>(s.k, s.n, s.ldb))),
        c(placeholder(matrix<float>(s.m, s.n, s.ldc))),
        bias_relu(s.bias_relu) {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (bias_relu) {
      bias = placeholder(matrix<float>(1, s.n, s.n));
      attributes.set_post_ops(relu());
    }
    const dnnl::matmul::primitive_desc primitive_desc =
        product(a.get_desc(), b.get_desc(), bias_relu ? bias.get_desc() : memory::desc(),
                c.get_desc(), attributes);
    matmul = dnnl::matmul(primitive_desc);
    scratchpad = memory(primitive_desc.scratchpad_desc(), cpu_engine());
    arguments = {{DNNL_ARG_SRC, a.get()},
                 {DNNL_ARG_WEIGHTS, b.get()},
                 {DNNL_ARG_DST, c.get()},
                 {DNNL_ARG_SCRATCHPAD, scratchpad.get()}};
    if (bias_relu) arguments.push_back({DNNL_ARG_BIAS, bias.get()});
  }

  dnnl::stream stream;
  memory a, b, c, bias, scratchpad;
  bool bias_relu;
  dnnl::matmul matmul;
  std::vector<dnnl_exec_arg_t> arguments;
};

template <class Operand>
Product<Operand>::Product(const ProductShape& shape)
    : primitive_(std::make_unique<Primitive>(shape)) {}
template <class Operand>
Product<Operand>::~Product() = default;
template <class Operand>
Product<Operand>::Product(Product&&) noexcept = default;

template <class Operand>
void Product<Operand>::run(const Operand* a, const Operand* b, const float* bias, float* c) {
  Primitive& p = *primitive_;
  point(p.a, a);
  point(p.b, b);
  point(p.c, c);
  if (p.bias_relu) point(p.bias, bias);
  execute(p.matmul, p.stream, p.arguments);
}

template class Product<float>;
template class Product<uint16_t>;

template <class Element>
struct Transpose<Element>::Primitive {
  Primitive(int rows, int cols, int64_t ld_in, int64_t ld_out)
      : stream(cpu_engine()),
        in(placeholder(matrix<Element>(rows, cols, ld_in))),
        out(placeholder(matrix<Element>(rows, cols, ld_out, true))) {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const dnnl::reorder::primitive_desc primitive_desc(cpu_engine(), in.get_desc(), cpu_engine(),
                                                       out.get_desc(), attributes);
    reorder = dnnl::reorder(primitive_desc);
    scratchpad = memory(primitive_desc.scratchpad_desc(), cpu_engine());
    arguments = {{DNNL_ARG_FROM, in.get()},
                 {DNNL_ARG_TO, out.get()},
                 {DNNL_ARG_SCRATCHPAD, scratchpad.get()}};
  }

  dnnl::stream stream;
  memory in, out, scratchpad;
  dnnl::reorder reorder;
  std::vector<dnnl_exec_arg_t> arguments;
};

template <class Element>
Transpose<Element>::Transpose(int rows, int cols, int64_t ld_in, int64_t ld_out)
    : primitive_(std::make_unique<Primitive>(rows, cols, ld_in, ld_out)) {}
template <class Element>
Transpose<Element>::~Transpose() = default;
template <class Element>
Transpose<Element>::Transpose(Transpose&&) noexcept = default;

template <class Element>
void Transpose<Element>::run(const Element* in, Element* out) {
  point(primitive_->in, in);
  point(primitive_->out, out);
  execute(primitive_->reorder, primitive_->stream, primitive_->arguments);
}

template class Transpose<float>;
template class Transpose<uint16_t>;

}  // namespace sac::cpu
