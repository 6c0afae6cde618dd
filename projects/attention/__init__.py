"""What a manager should look at: late, stuck, unusual. `table` says what is looked for, `finding` finds it."""
