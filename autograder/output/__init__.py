"""What grading leaves: results, students' files, the class report, the gradebook, exports."""
