"""What the benchmarks' scripts share: subjects, workloads, rounds, figures, tables, plots."""
