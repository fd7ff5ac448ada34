#include "traffic.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "findings.h"

namespace simt {
namespace {

constexpr unsigned kBanks = 32;
constexpr unsigned kBankBytes = 4;
constexpr unsigned kSectorBytes = 32;

/// Whether every lane reads the same address as the lane whose number differs in this bit, if that
/// one takes part.
bool in_pairs(std::span<const LaneAccess> lanes, unsigned bit) {
  std::array<uintptr_t, 32> address{};
  for (const LaneAccess& access : lanes) address[access.lane] = access.address;
  return std::ranges::all_of(lanes, [&](const LaneAccess& access) {
    const uintptr_t partner = address[access.lane ^ bit];
    return partner == 0 || partner == access.address;
  });
}

/// Lanes that shared memory serves together: all of them for words, half a warp for 8 bytes each, a
/// quarter for 16, or half where lanes n and n ^ 1, or n and n ^ 2, all share an address.
unsigned lanes_per_pass(std::span<const LaneAccess> lanes) {
  const unsigned words = std::max(1u, lanes[0].bytes / kBankBytes);
  if (words == 4 && (in_pairs(lanes, 1) || in_pairs(lanes, 2))) return 16;
  return 32 / words;
}

/// Calls f with the words (address / 4) that each group of lanes touches.
template <class F>
void for_each_pass(std::span<const LaneAccess> lanes, F&& f) {
  const unsigned together = lanes_per_pass(lanes);
  for (size_t begin = 0; begin < lanes.size();) {
    const unsigned pass = lanes[begin].lane / together;
    std::set<uintptr_t> words;
    for (; begin < lanes.size() && lanes[begin].lane / together == pass; ++begin) {
      const uintptr_t first = lanes[begin].address / kBankBytes;
      const uintptr_t last = (lanes[begin].address + lanes[begin].bytes - 1) / kBankBytes;
      for (uintptr_t word = first; word <= last; ++word) words.insert(word);
    }
    f(words);
  }
}

/// Distinct multiples of `unit` bytes among those accessed.
int64_t distinct(std::span<const LaneAccess> lanes, unsigned unit) {
  std::set<uintptr_t> units;
  for (const LaneAccess& access : lanes) {
    const uintptr_t last = (access.address + access.bytes - 1) / unit;
    for (uintptr_t i = access.address / unit; i <= last; ++i) units.insert(i);
  }
  return static_cast<int64_t>(units.size());
}

int64_t divided_up(int64_t n, int64_t by) {
  return (n + by - 1) / by;
}

Counters count_one(std::span<const LaneAccess> lanes) {
  if (lanes[0].shared) {
    return {.shared_requests = 1,
            .shared_wavefronts = wavefronts(lanes),
            .shared_ideal = ideal_wavefronts(lanes)};
  }
  return {
      .global_requests = 1, .global_sectors = sectors(lanes), .global_ideal = ideal_sectors(lanes)};
}

void add(Counters& sum, const Counters& term) {
  sum.launches += term.launches;
  sum.shared_requests += term.shared_requests;
  sum.shared_wavefronts += term.shared_wavefronts;
  sum.shared_ideal += term.shared_ideal;
  sum.global_requests += term.global_requests;
  sum.global_sectors += term.global_sectors;
  sum.global_ideal += term.global_ideal;
}

int64_t excess(const Counters& c) {
  return c.shared_wavefronts - c.shared_ideal + c.global_sectors - c.global_ideal;
}

/// Totals since the last reset, by kernel and code address.
std::map<const void*, std::map<uintptr_t, Counters>> totals;
std::map<const void*, int64_t> launches;

}  // namespace

int64_t wavefronts(std::span<const LaneAccess> lanes) {
  int64_t total = 0;
  for_each_pass(lanes, [&](const std::set<uintptr_t>& words) {
    std::array<int64_t, kBanks> in_bank{};
    for (uintptr_t word : words) ++in_bank[word % kBanks];
    total += *std::max_element(in_bank.begin(), in_bank.end());
  });
  return total;
}

int64_t ideal_wavefronts(std::span<const LaneAccess> lanes) {
  int64_t total = 0;
  for_each_pass(lanes, [&](const std::set<uintptr_t>& words) {
    total += divided_up(static_cast<int64_t>(words.size()), kBanks);
  });
  return total;
}

int64_t sectors(std::span<const LaneAccess> lanes) {
  return distinct(lanes, kSectorBytes);
}

int64_t ideal_sectors(std::span<const LaneAccess> lanes) {
  const unsigned unit = std::min(lanes[0].bytes, kBankBytes);
  return divided_up(distinct(lanes, unit) * unit, kSectorBytes);
}

void TrafficLog::begin_block(unsigned warps) {
  warps_.assign(warps, {});
}

void TrafficLog::record(unsigned warp, LaneAccess access) {
  access.instance = warps_[warp].visits[access.lane][access.site]++;
  warps_[warp].accesses.push_back(access);
}

void TrafficLog::count(const void* kernel, unsigned warp, unsigned lanes) {
  std::vector<LaneAccess>& all = warps_[warp].accesses;
  const auto meet = [&](const LaneAccess& access) { return (lanes >> access.lane & 1u) != 0; };
  const auto end = std::partition(all.begin(), all.end(), meet);
  const auto key = [](const LaneAccess& a) { return std::tie(a.site, a.instance); };
  std::sort(all.begin(), end, [](const LaneAccess& a, const LaneAccess& b) {
    return std::tie(a.site, a.instance, a.lane) < std::tie(b.site, b.instance, b.lane);
  });
  for (auto begin = all.begin(); begin != end;) {
    const auto next =
        std::find_if(begin, end, [&](const LaneAccess& a) { return key(a) != key(*begin); });
    add(totals[kernel][begin->site], count_one({begin, next}));
    begin = next;
  }
  all.erase(all.begin(), end);
  for (unsigned lane = 0; lane < 32; ++lane) {
    if ((lanes >> lane & 1u) != 0) warps_[warp].visits[lane].clear();
  }
}

void count_launch(const void* kernel) {
  ++launches[kernel];
}

void forget_traffic() {
  totals.clear();
  launches.clear();
}

Counters counters(const void* kernel) {
  cudaDeviceSynchronize();
  Counters sum;
  for (const auto& [site, counted] : totals[kernel]) add(sum, counted);
  sum.launches = launches[kernel];
  return sum;
}

std::vector<KernelCounters> all_counters() {
  cudaDeviceSynchronize();
  std::vector<KernelCounters> all;
  for (const auto& [kernel, count] : launches) {
    all.push_back({function_name(kernel), kernel, counters(kernel)});
  }
  return all;
}

std::vector<LineCounters> counters_by_line(const void* kernel) {
  cudaDeviceSynchronize();
  std::map<std::string, Counters> by_line;
  for (const auto& [site, counted] : totals[kernel]) {
    add(by_line[source_line(site)], counted);
  }
  std::vector<LineCounters> lines;
  for (const auto& [line, counted] : by_line) lines.push_back({line, counted});
  // By line where the excess is equal. (No stable_sort, here or above: it and stable_partition call
  // what C++17 deprecates, of which clang 19 warns even in the library's own headers.)
  std::sort(lines.begin(), lines.end(), [](const LineCounters& a, const LineCounters& b) {
    const auto excess_a = excess(a.counters), excess_b = excess(b.counters);
    return excess_a != excess_b ? excess_a > excess_b : a.line < b.line;
  });
  return lines;
}

}  // namespace simt
