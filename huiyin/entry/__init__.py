"""The staff entrance: signing in and out, changing one's password. Above the frame and the audit trail,
because both are needed at the door."""
