// Parses the command line and dispatches.
int main() {
  return 0;
}
