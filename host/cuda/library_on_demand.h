// A library of NVIDIA's that is loaded at the first call of one of its functions.
#pragma once

#include <dlfcn.h>

#include <string>
#include <utility>

namespace sac::cuda {

class LibraryOnDemand {
 public:
  /// The file's name, for where the system looks, or else its path in the toolkit that the program
  /// was built with.
  LibraryOnDemand(std::string name, const char* path) : name_(std::move(name)) {
    handle_ = dlopen(name_.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_ == nullptr) handle_ = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    absent_ = name_ + " could not be loaded";
  }

  /// One line, for where there is none.
  const char* absent() const { return absent_.c_str(); }

  /// Null if there is no library or it has no such function.
  template <class Function>
  Function* function(const char* name) const {
    return handle_ == nullptr ? nullptr : reinterpret_cast<Function*>(dlsym(handle_, name));
  }

  /// What the function returns, or `otherwise` if there is none.
  template <class Result, class... Arguments>
  Result call(const char* name, Result otherwise, Arguments... arguments) const {
    auto* const f = function<Result(Arguments...)>(name);
    return f == nullptr ? otherwise : f(arguments...);
  }

 private:
  std::string name_, absent_;
  void* handle_ = nullptr;
};

}  // namespace sac::cuda
