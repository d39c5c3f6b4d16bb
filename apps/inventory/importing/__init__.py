"""Reading a list of applications: from a file to a plan of what each row would do."""
