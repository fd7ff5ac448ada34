#include "bench/page.h"

#include <algorithm>
#include <cstdio>

#include "bench_style.h"  // made of host/report/page/style.css and page.css

namespace sac::bench {
namespace {

constexpr char kHead[] = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
)";

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '&':
        result += "&amp;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string element(const std::string& name, const std::string& content) {
  return '<' + name + '>' + content + "</" + name.substr(0, name.find(' ')) + '>';
}

bool is_share(const Column& column) {
  return column.style == Style::percent && column.key.ends_with("share");
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", 100 * share);
  return text;
}

/// The bars of a column end at the same place: at the limit, or at the largest share beyond it.
double largest_share(const Table& table, size_t column) {
  double largest = 1;
  for (const auto& row : table.rows) {
    if (const auto* share = std::get_if<double>(&row[column])) largest = std::max(largest, *share);
  }
  return largest;
}

std::string bar(double share, double largest) {
  return "<span class=\"bar\"><i style=\"width:" + percent(std::max(share, 0.0) / largest) +
         "\"></i><b style=\"left:" + percent(1 / largest) + "\"></b></span>";
}

/// Its column's heading stands in it too: a phone shows a row as a list.
std::string cell(const Table& table, size_t row, size_t column) {
  const Column& c = table.columns[column];
  const Cell& value = table.rows[row][column];
  const auto* share = is_share(c) ? std::get_if<double>(&value) : nullptr;
  const std::string text = escaped(for_people(value, c.style));
  const char* kind = share != nullptr ? "share" : c.style == Style::text ? "text" : "number";
  return element(
      "td class=\"" + std::string(kind) + "\" data-name=\"" + escaped(c.heading) + '"',
      share != nullptr ? bar(*share, largest_share(table, column)) + element("span", text) : text);
}

std::string section(const Table& whole) {
  const Table table = without_empty_columns(whole);
  std::string heading, body, notes;
  for (const Column& column : table.columns) {
    const bool left = column.style == Style::text || is_share(column);
    heading += element(left ? "th" : "th class=\"number\"", escaped(column.heading));
  }
  for (size_t r = 0; r < table.rows.size(); ++r) {
    std::string cells;
    for (size_t c = 0; c < table.columns.size(); ++c) cells += cell(table, r, c);
    body += element("tr", cells) + '\n';
  }
  for (const std::string& note : table.notes) {
    notes += element("p class=\"note\"", escaped(note)) + '\n';
  }
  return element("h2", escaped(table.title)) + "\n<div class=\"scroll\"><table>\n" +
         element("thead", element("tr", heading)) + "\n<tbody>\n" + body +
         "</tbody></table></div>\n" + notes;
}

}  // namespace

std::string as_html(const std::string& title, const Report& report) {
  std::string machine, remarks, sections;
  for (const auto& [name, value] : report.machine) {
    machine += element("dt", escaped(name)) + element("dd", escaped(value)) + '\n';
  }
  for (const std::string& remark : report.remarks) {
    remarks += element("p class=\"remark\"", escaped(remark)) + '\n';
  }
  for (const Table& table : report.tables) sections += section(table);
  return kHead + element("title", escaped(title)) + "\n<style>\n" + kPageStyle +
         "</style>\n</head>\n<body>\n" + element("h1", escaped(title)) + '\n' +
         element("dl", machine) + '\n' + remarks + sections +
         "<p class=\"note\">A bar reaches its mark at the limit, which was measured in the same "
         "run.</p>\n</body>\n</html>\n";
}

}  // namespace sac::bench
