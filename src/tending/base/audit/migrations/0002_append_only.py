"""Database triggers that refuse to change or remove a line of the audit trail, on both databases."""

from django.db import migrations

TABLES = ("audit_auditevent", "audit_auditseal")

SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only: a line cannot be changed.'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only: a line cannot be removed.'); END;
"""

POSTGRESQL = """
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The audit trail is append-only: a line cannot be changed or removed.'; END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();
"""


def refuse_change(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for statement in SQLITE.format(table=table).split("END;"):
                if statement.strip():
                    schema_editor.execute(statement + "END;")
    else:
        for table in TABLES:
            schema_editor.execute(POSTGRESQL.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(refuse_change, migrations.RunPython.noop, elidable=False)]
