"""HTTP: JSON routes over the register and one gateway to Temporal. No rules of the field live here."""
