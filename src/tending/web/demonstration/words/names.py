"""Names from many places. Family name and language, and all else about a person, are drawn independently."""

WOMEN = tuple(
    """
    Aaliyah Abigail Adaeze Aisha Alejandra Alice Alma Amara Amelia Ana Angela Anya Asha Astrid Audrey
    Beatriz Bianca Brigid Camila Carmen Catherine Chantal Claire Clara Cora Dalia Deborah Delia Dolores
    Dorothy Edith Elena Elise Emilia Emma Esther Eva Fadumo Farah Fatima Fiona Florence Gail Gina Grace
    Greta Halima Hannah Helen Hodan Ida Imani Ines Ingrid Irene Isabel Janet Jasmine Jennifer Joan Joy
    Judith Julia Karen Katya Keisha Khadija Laila Laura Leah Leila Leticia Lien Linda Lucia Lydia Maeve
    Margaret Maria Mariam Marie Martha Maya Mei Mercy Mina Miriam Monique Nadia Naomi Natalia Nia Nicole
    Nina Nora Olga Olivia Patricia Priya Rachel Ramona Rebecca Renee Rita Rosa Rose Ruth Sadia Salma
    Sandra Sara Selena Sharon Sheila Simone Sofia Sonia Stella Susan Sylvia Talia Tamara Teresa Tiana
    Ursula Valeria Vanessa Vera Violet Wanda Yara Yasmin Yolanda Zahra Zara Zoe
    """.split()  # noqa: SIM905 (hundreds of quoted names are harder to read)
)

MEN = tuple(
    """
    Abel Adrian Ahmed Aiden Amir Andre Anthony Arjun Benjamin Bilal Brandon Caleb Carlos Cedric Charles
    Chidi Connor Daniel Darius Derek Diego Dominic Eduardo Eli Elijah Emeka Eric Ethan Felix Francis
    Frederick Gabriel George Graham Gustavo Harold Hassan Hector Henry Hugo Ian Ibrahim Isaac Ivan
    Jabari Jacob Jamal James Javier Jerome Joel Jonah Jorge Joseph Juan Kamal Kenji Kevin Kofi Kwame
    Lamar Leo Liam Louis Luis Malik Marcus Mario Martin Mateo Matthew Michael Miguel Mohamed Nathan Noah
    Obi Omar Oscar Pablo Paul Pedro Peter Rafael Raymond Ricardo Robert Roberto Roy Samir Samuel Scott
    Sean Sergio Simon Solomon Stephen Tariq Theo Thomas Timothy Tomas Victor Vincent Walter Warsame
    Wendell William Winston Xavier Yusuf Zachary
    """.split()  # noqa: SIM905 (hundreds of quoted names are harder to read)
)

ANYONE = tuple(
    """
    Amari Anh Avery Dana Jean Jesse Jin Jordan Kai Kim Linh Morgan Noor Patrice Phuong Quinn Remy Robin
    Sam Sasha Thanh Tran Wei
    """.split()  # noqa: SIM905 (hundreds of quoted names are harder to read)
)

FAMILY = tuple(
    """
    Abdi Abebe Acosta Adams Addo Aguilar Ahmed Alexander Ali Allen Alvarez Andersen Anderson Aquino
    Arroyo Baker Baptiste Barnes Barrett Bautista Begay Bell Bennett Berg Bernard Bishop Blake Boateng
    Bowen Boyd Brennan Brooks Brown Bui Burke Butler Byrne Cabrera Campbell Cardoso Carter Castillo
    Chang Charles Chavez Chen Cho Christensen Clark Cohen Cole Coleman Collins Cooper Cortez Cox Cruz
    Cunningham Dang Daniels Das Davis Dawson Delgado Desir Diaz Diallo Dixon Do Dominguez Douglas Doyle
    Duarte Dubois Duncan Duong Edwards Elliott Ellis Espinoza Evans Farah Ferguson Fernandez Fields
    Figueroa Fisher Flores Ford Foster Fox Francis Freeman Fuentes Garcia Gardner Gibson Gill Goldberg
    Gomez Gonzalez Gordon Graham Grant Gray Green Greene Griffin Guerrero Gupta Gutierrez Hall Hamilton
    Hansen Harper Harris Harrison Hart Hassan Hayes Henry Hernandez Herrera Hill Ho Holmes Howard Huang
    Hughes Hunt Hussein Ibarra Ivanova Jackson Jacobs James Jean Jenkins Jensen Jimenez Johnson Jones
    Jordan Joseph Kamara Kaur Kelly Kennedy Khan Kim King Knight Kovacs Kumar Lam Lane Larsen Lawrence
    Le Lee Leon Lewis Li Lin Long Lopez Louis Luna Ly Lynch Maldonado Marshall Martin Martinez Mason
    Mathis Matthews May Medina Mendez Mensah Mercado Meyer Miller Mills Mitchell Mohamed Molina Moore
    Morales Moran Moreno Morgan Morris Morrison Mosley Mueller Muñoz Murphy Murray Nadeau Nguyen Nichols
    Noel Novak Nuñez Nunes Obi Okafor Okonkwo Olsen Ortega Ortiz Osei Osman Owens Pacheco Palmer Park
    Parker Patel Paul Payne Pena Perez Perry Petersen Pham Phan Phillips Pierre Porter Powell Price
    Quinn Quintero Ramirez Ramos Reed Reid Reyes Reynolds Rice Richards Rios Rivera Robbins Roberts
    Robinson Rodriguez Rogers Rojas Romero Rosario Rose Ross Rossi Ruiz Russell Ryan Said Salazar
    Sanchez Sanders Santana Santiago Santos Sato Schmidt Schneider Scott Serrano Shah Sharma Shaw Silva
    Simmons Singh Smith Soto Spencer Stevens Stewart Stone Suarez Sullivan Tanaka Taylor Thomas Thompson
    Toussaint Tran Tucker Turner Vargas Vasquez Vega Velez Vu Wade Walker Wallace Wang Ward Warren
    Washington Watson Webb Weiss West White Williams Wilson Wong Wood Woods Wright Wu Yang Yilmaz Young
    Yusuf Zamora Zhang Zimmerman
    """.split()  # noqa: SIM905 (hundreds of quoted names are harder to read)
)
