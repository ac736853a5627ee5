"""The grader's side of a sandbox: starts the process that runs student code and sends it requests."""
