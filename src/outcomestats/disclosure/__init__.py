"""May this number be shown? Small groups stay hidden, also from totals, percentages, titles and differences."""
