"""Files for machines: configurations of EdgeCore, CloudCore and what stands before it, and what a technician runs."""
