"""Given and family names from many places, drawn independently of everything else about a person."""

GIVEN = tuple(
    """
    Aaliyah Abel Abigail Adaeze Adrian Ahmed Aiden Aisha Alejandra Alice Alma Amara Amelia Amir Ana
    Andre Angela Anh Anthony Anya Arjun Asha Astrid Audrey Beatriz Benjamin Bilal Bianca Brandon Brigid
    Caleb Camila Carlos Carmen Catherine Cedric Chantal Charles Chidi Claire Clara Connor Cora Dalia
    Daniel Darius Dana Deborah Delia Derek Diego Dolores Dominic Dorothy Edith Eduardo Elena Eli Elijah
    Elise Emeka Emilia Emma Eric Esther Ethan Eva Fadumo Farah Fatima Felix Fiona Florence Francis
    Frederick Gabriel Gail George Gina Grace Graham Greta Gustavo Halima Hannah Harold Hassan Hector
    Helen Henry Hodan Hugo Ian Ibrahim Ida Imani Ines Ingrid Irene Isaac Isabel Ivan Jabari Jacob Jamal
    James Janet Jasmine Javier Jean Jennifer Jerome Jesse Jin Joan Joel Jonah Jorge Joseph Joy Juan
    Judith Julia Kai Kamal Karen Katya Keisha Kenji Kevin Khadija Kim Kofi Kwame Laila Lamar Laura Leah
    Leila Leo Leticia Liam Lien Linda Linh Louis Lucia Luis Lydia Maeve Malik Marcus Margaret Maria
    Mariam Marie Mario Martha Martin Mateo Matthew Maya Mei Mercy Michael Miguel Mina Miriam Mohamed
    Monique Morgan Nadia Naomi Natalia Nathan Nia Nicole Nina Noah Nora Obi Olga Olivia Omar Oscar Pablo
    Patrice Patricia Paul Pedro Peter Phuong Priya Quinn Rachel Rafael Ramona Raymond Rebecca Renee
    Ricardo Rita Robert Roberto Rosa Rose Roy Ruth Sadia Salma Samir Samuel Sandra Sara Scott Sean
    Selena Sergio Sharon Sheila Simon Simone Sofia Solomon Sonia Stella Stephen Susan Sylvia Talia
    Tamara Tariq Teresa Thanh Theo Thomas Tiana Timothy Tomas Tran Ursula Valeria Vanessa Vera Victor
    Vincent Violet Walter Wanda Warsame Wei Wendell William Winston Xavier Yara Yasmin Yolanda Yusuf
    Zachary Zahra Zara Zoe
    """.split()  # noqa: SIM905 (a list of six hundred quoted names is harder to read)
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
    """.split()  # noqa: SIM905 (a list of six hundred quoted names is harder to read)
)
