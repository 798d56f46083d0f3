"""What do the files of a FHIR delivery hold: lines, bundles, a manifest?"""
