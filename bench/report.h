// What a benchmark run has to say: the machine, tables, remarks. Text for a terminal, Markdown to
// be kept, JSON for programs. Nothing but the standard library: it has to build where there is a
// CUDA Toolkit and nothing else.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sac::bench {

/// How a column's numbers are written for people. JSON has them all in full.
enum class Style {
  text,
  plain,     ///< 41.7
  whole,     ///< 2
  scaled,    ///< 604 M
  percent,   ///< 0.87 as 87 %
  multiple,  ///< 1.42 as 1.42 x
  samples,   ///< how many there are
};

struct Column {
  std::string key;      ///< in JSON, unit included: "hot_us"
  std::string heading;  ///< for people
  Style style;
};

/// A cell is empty where there is nothing to say, for example no limit.
using Cell = std::variant<std::monostate, std::string, double, std::vector<double>>;

struct Table {
  std::string key;    ///< in JSON
  std::string title;  ///< for people
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows{};  ///< a cell for each column
  std::vector<std::string> notes{};       ///< lines below the table
};

struct Report {
  std::vector<std::pair<std::string, std::string>> machine{};  ///< name and value
  std::vector<Table> tables{};
  std::vector<std::string> remarks{};  ///< what the reader must know, such as noise
};

/// A cell as people read it.
std::string for_people(const Cell& cell, Style style);

/// The table without columns that have nothing to say in any row.
Table without_empty_columns(const Table& table);

/// The table with aligned columns. Here and in Markdown columns that are empty in every row are
/// left out.
std::string as_text(const Table& table);

std::string as_markdown(const std::string& title, const Report& report);

/// An object with "machine" (an object), "remarks" (strings) and "tables" (an object of arrays of
/// row objects, empty cells left out). A number that is not finite becomes null.
std::string as_json(const Report& report);

}  // namespace sac::bench
