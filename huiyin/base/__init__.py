"""What every room stands on and no room owns: keys, ids, encrypted fields, base models, form schemas."""
