"""What was done: care records, promises, trigger events, meetings, absences, incidents, counselling, attachments."""
