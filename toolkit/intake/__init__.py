"""Files of the world → checked frames: what comes in is read here, or refused here."""
