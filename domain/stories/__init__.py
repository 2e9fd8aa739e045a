"""Stories of cases told so that nobody is recognised: an assistant for free text, coded vignettes."""
