// How inputs that are safetensors files are changed: in their header, whose length is then put
// right, more often than anywhere, since bytes at random seldom get past the header.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  uint64_t header = 0;
  if (size > sizeof header) std::memcpy(&header, data, sizeof header);
  if (seed % 4 == 0 || header == 0 || header > size - sizeof header) {
    return LLVMFuzzerMutate(data, size, most);
  }
  const uint8_t* begin = data + sizeof header;
  std::vector<uint8_t> text(begin, begin + header);
  const std::vector<uint8_t> rest(begin + header, begin + size - sizeof header);
  const size_t room = most - sizeof header - rest.size();
  text.resize(std::max<size_t>(room, 1));
  header = LLVMFuzzerMutate(text.data(), std::min<size_t>(header, room), room);
  std::memcpy(data, &header, sizeof header);
  std::copy_n(text.begin(), header, data + sizeof header);
  std::copy(rest.begin(), rest.end(), data + sizeof header + header);
  return sizeof header + header + rest.size();
}
