"""Is this process changing? Run and control charts with named rules, phases and honest limits."""
