"""What protects from each fault, as the change that would take it out."""
