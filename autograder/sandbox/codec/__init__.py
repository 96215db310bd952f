"""What travels between grader and child: plain data and nothing else."""
