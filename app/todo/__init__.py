"""What is due: cadence, event and threshold rules as data; the printed forms that bring a record back."""
