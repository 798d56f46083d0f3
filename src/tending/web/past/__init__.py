"""What would this trigger have done? The past tried at a terminal, for whoever owns the trigger."""
