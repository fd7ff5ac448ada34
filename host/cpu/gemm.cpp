#include "host/cpu/gemm.h"

#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "host/cpu/buffer.h"
#include "kernels/bf16.h"

// From the OpenMP runtime that oneDNN is built on; <omp.h> belongs to the compiler, which need not
// be the same one.
extern "C" void omp_set_num_threads(int threads);

namespace sac {
namespace {

using dnnl::memory;

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

/// A plain row-major matrix, or its transposed view.
memory::desc matrix(int64_t rows, int64_t cols, int64_t ld, bool transposed = false,
                    memory::data_type type = memory::data_type::f32) {
  const memory::dims strides = transposed ? memory::dims{1, ld} : memory::dims{ld, 1};
  return {{rows, cols}, type, strides};
}

/// A memory object whose data comes with each run.
memory placeholder(const memory::desc& desc) {
  return {desc, cpu_engine(), nullptr};
}

/// oneDNN promises not to write to its sources.
void point(memory& m, const float* data) {
  m.set_data_handle(const_cast<float*>(data));
}

/// A matrix rounded to bf16, its rows one after another: halves where the processor multiplies
/// those, floats that are as short where it does not.
class RoundedMatrix {
 public:
  RoundedMatrix(int rows, int cols, int64_t ld)
      : rows_(rows),
        cols_(cols),
        ld_(ld),
        halves_(has_bf16_products() ? size() : 0),
        floats_(has_bf16_products() ? 0 : size()) {}

  /// Rounds a matrix whose rows are `ld` apart; the address of the result.
  void* round(const float* from) {
    const auto each = [&](auto* to, const auto& convert) {
      for (int r = 0; r < rows_; ++r) {
        for (int c = 0; c < cols_; ++c) to[static_cast<int64_t>(r) * cols_ + c] = convert(from[c]);
        from += ld_;
      }
      return to;
    };
    if (floats_.size() == 0) return each(halves_.data(), to_bf16);
    return each(floats_.data(), [](float x) { return from_bf16(to_bf16(x)); });
  }

  static memory::data_type type() {
    return has_bf16_products() ? memory::data_type::bf16 : memory::data_type::f32;
  }

 private:
  size_t size() const { return static_cast<size_t>(rows_) * static_cast<size_t>(cols_); }

  int rows_, cols_;
  int64_t ld_;
  Buffer<uint16_t> halves_;
  Buffer<float> floats_;
};

/// Both operands of a product in bf16.
struct RoundedOperands {
  explicit RoundedOperands(const ProductShape& s)
      : a(s.a_transposed ? s.k : s.m, s.a_transposed ? s.m : s.k, s.lda), b(s.k, s.n, s.ldb) {}
  RoundedMatrix a, b;
};

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

struct Product<float>::Primitive {
  explicit Primitive(const ProductShape& s)
      : stream(cpu_engine()), c(placeholder(matrix(s.m, s.n, s.ldc))), bias_relu(s.bias_relu) {
    if (s.operands == Precision::bf16) {
      const memory::data_type type = RoundedMatrix::type();
      rounded = std::make_unique<RoundedOperands>(s);
      a = placeholder(matrix(s.m, s.k, s.a_transposed ? s.m : s.k, s.a_transposed, type));
      b = placeholder(matrix(s.k, s.n, s.n, false, type));
    } else {
      a = placeholder(matrix(s.m, s.k, s.lda, s.a_transposed));
      b = placeholder(matrix(s.k, s.n, s.ldb));
    }
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    std::unique_ptr<dnnl::matmul::desc> desc;
    if (bias_relu) {
      bias = placeholder(matrix(1, s.n, s.n));
      dnnl::post_ops relu;
      relu.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
      attributes.set_post_ops(relu);
      desc = std::make_unique<dnnl::matmul::desc>(a.get_desc(), b.get_desc(), bias.get_desc(),
                                                  c.get_desc());
    } else {
      desc = std::make_unique<dnnl::matmul::desc>(a.get_desc(), b.get_desc(), c.get_desc());
    }
    const dnnl::matmul::primitive_desc primitive_desc(*desc, attributes, cpu_engine());
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
  std::unique_ptr<RoundedOperands> rounded;  ///< null in fp32
  bool bias_relu;
  dnnl::matmul matmul;
  std::vector<dnnl_exec_arg_t> arguments;
};

Product<float>::Product(const ProductShape& shape)
    : primitive_(std::make_unique<Primitive>(shape)) {}
Product<float>::~Product() = default;
Product<float>::Product(Product&&) noexcept = default;

void Product<float>::run(const float* a, const float* b, const float* bias, float* c) {
  Primitive& p = *primitive_;
  if (p.rounded) {
    p.a.set_data_handle(p.rounded->a.round(a));
    p.b.set_data_handle(p.rounded->b.round(b));
  } else {
    point(p.a, a);
    point(p.b, b);
  }
  point(p.c, c);
  if (p.bias_relu) point(p.bias, bias);
  execute(p.matmul, p.stream, p.arguments);
}

struct Transpose<float>::Primitive {
  Primitive(int rows, int cols, int64_t ld_in, int64_t ld_out)
      : stream(cpu_engine()),
        in(placeholder(matrix(rows, cols, ld_in))),
        out(placeholder(matrix(rows, cols, ld_out, true))) {
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

Transpose<float>::Transpose(int rows, int cols, int64_t ld_in, int64_t ld_out)
    : primitive_(std::make_unique<Primitive>(rows, cols, ld_in, ld_out)) {}
Transpose<float>::~Transpose() = default;
Transpose<float>::Transpose(Transpose&&) noexcept = default;

void Transpose<float>::run(const float* in, float* out) {
  point(primitive_->in, in);
  point(primitive_->out, out);
  execute(primitive_->reorder, primitive_->stream, primitive_->arguments);
}

}  // namespace sac
