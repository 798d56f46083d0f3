"""What does a FHIR R4 export say, in the record's own words?"""
