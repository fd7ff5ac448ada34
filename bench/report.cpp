#include "bench/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace sac::bench {
namespace {

template <class... Arguments>
std::string format(const char* pattern, Arguments... arguments) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, arguments...);
  return text;
}

/// Three digits or more, never an exponent.
std::string plain(double x) {
  const double size = std::abs(x);
  return format("%.*f", size < 10 ? 2 : size < 100 ? 1 : 0, x);
}

std::string scaled(double x) {
  constexpr std::pair<double, const char*> kPrefixes[] = {
      {1e12, " T"}, {1e9, " G"}, {1e6, " M"}, {1e3, " k"}};
  for (const auto& [size, prefix] : kPrefixes) {
    if (std::abs(x) >= size) return plain(x / size) + prefix;
  }
  return plain(x);
}

std::string number_for_people(double x, Style style) {
  switch (style) {
    case Style::whole:
      return format("%.0f", x);
    case Style::scaled:
      return scaled(x);
    case Style::percent:
      return format("%.*f %%", std::abs(x) < 0.1 ? 1 : 0, 100 * x);
    case Style::multiple:
      return format("%.2f x", x);
    default:
      return plain(x);
  }
}

/// The characters of UTF-8 text: what a terminal needs columns for.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, size_t width, bool to_the_left) {
  const std::string space(width - width_of(text), ' ');
  return to_the_left ? text + space : space + text;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      result += format("\\u%04x", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string json_number(double x) {
  return std::isfinite(x) ? format("%.9g", x) : "null";
}

std::string json_value(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return quoted(*text);
  if (const auto* number = std::get_if<double>(&cell)) return json_number(*number);
  std::string list;
  for (const double x : std::get<std::vector<double>>(cell)) {
    list += (list.empty() ? "" : ", ") + json_number(x);
  }
  return '[' + list + ']';
}

/// Appends an element to a JSON array or object that is being written.
void append(std::string& list, const std::string& element) {
  list += (list.empty() ? "\n" : ",\n") + element;
}

std::string json_row(const Table& table, const std::vector<Cell>& row) {
  std::string members;
  for (size_t i = 0; i < row.size(); ++i) {
    if (std::holds_alternative<std::monostate>(row[i])) continue;
    members +=
        (members.empty() ? "" : ", ") + quoted(table.columns[i].key) + ": " + json_value(row[i]);
  }
  return "      {" + members + "}";
}

}  // namespace

std::string for_people(const Cell& cell, Style style) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<double>(&cell)) return number_for_people(*number, style);
  if (const auto* all = std::get_if<std::vector<double>>(&cell)) return std::to_string(all->size());
  return "";
}

Table without_empty_columns(const Table& table) {
  Table kept = {.key = table.key, .title = table.title, .columns = {}, .notes = table.notes};
  kept.rows.resize(table.rows.size());
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const auto is_empty = [i](const std::vector<Cell>& row) {
      return std::holds_alternative<std::monostate>(row[i]);
    };
    if (!table.rows.empty() && std::ranges::all_of(table.rows, is_empty)) continue;
    kept.columns.push_back(table.columns[i]);
    for (size_t r = 0; r < table.rows.size(); ++r) kept.rows[r].push_back(table.rows[r][i]);
  }
  return kept;
}

std::string as_text(const Table& whole) {
  const Table table = without_empty_columns(whole);
  std::vector<size_t> width;
  for (const Column& column : table.columns) width.push_back(width_of(column.heading));
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      width[i] = std::max(width[i], width_of(for_people(row[i], table.columns[i].style)));
    }
  }
  const auto line = [&](const auto& text_of) {
    std::string result;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      result += (i == 0 ? "" : "  ") +
                padded(text_of(i), width[i], table.columns[i].style == Style::text);
    }
    return result.erase(result.find_last_not_of(' ') + 1) + '\n';
  };
  std::string text = table.title + "\n\n";
  text += line([&](size_t i) { return table.columns[i].heading; });
  for (const auto& row : table.rows) {
    text += line([&](size_t i) { return for_people(row[i], table.columns[i].style); });
  }
  for (const std::string& note : table.notes) text += '\n' + note;
  return text + (table.notes.empty() ? "" : "\n");
}

std::string as_markdown(const std::string& title, const Report& report) {
  std::string text = "# " + title + "\n\n";
  for (const auto& [name, value] : report.machine) text += "- " + name + ": " + value + '\n';
  for (const std::string& remark : report.remarks) text += "\n**" + remark + "**\n";
  for (const Table& whole : report.tables) {
    const Table table = without_empty_columns(whole);
    text += "\n## " + table.title + "\n\n|";
    for (const Column& column : table.columns) text += ' ' + column.heading + " |";
    text += "\n|";
    for (const Column& column : table.columns)
      text += column.style == Style::text ? "---|" : "--:|";
    for (const auto& row : table.rows) {
      text += "\n|";
      for (size_t i = 0; i < row.size(); ++i) {
        text += ' ' + for_people(row[i], table.columns[i].style) + " |";
      }
    }
    text += '\n';
    for (const std::string& note : table.notes) text += '\n' + note + '\n';
  }
  return text;
}

std::string as_json(const Report& report) {
  std::string machine, remarks, tables;
  for (const auto& [name, value] : report.machine) {
    append(machine, "    " + quoted(name) + ": " + quoted(value));
  }
  for (const std::string& remark : report.remarks) append(remarks, "    " + quoted(remark));
  for (const Table& table : report.tables) {
    std::string rows;
    for (const auto& row : table.rows) append(rows, json_row(table, row));
    append(tables, "    " + quoted(table.key) + ": [" + rows + "\n    ]");
  }
  return "{\n  \"machine\": {" + machine + "\n  },\n  \"remarks\": [" + remarks +
         "\n  ],\n  \"tables\": {" + tables + "\n  }\n}\n";
}

}  // namespace sac::bench
