"""The term's survey (摸底核实): who was checked against the facts, when, by whom."""
