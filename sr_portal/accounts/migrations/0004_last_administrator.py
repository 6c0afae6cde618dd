"""The portal always keeps an administrator: held here, whoever writes and however (services hold it as well)."""

from django.db import migrations

INSTALL = """
CREATE FUNCTION accounts_another_administrator() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    -- Two administrators who remove each other at once: the second waits here, then sees what the first did.
    PERFORM 1 FROM auth_group WHERE name = 'administrator' FOR NO KEY UPDATE;
    RETURN EXISTS (
        SELECT 1
          FROM accounts_roleassignment held
          JOIN auth_group role ON role.id = held.group_id
          JOIN accounts_user person ON person.id = held.user_id
         WHERE role.name = 'administrator' AND person.is_active
    );
END $$;

CREATE FUNCTION accounts_refuse_last_administrator() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'last_administrator: the portal must keep one active administrator'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'last_administrator';
END $$;

CREATE FUNCTION accounts_role_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM auth_group WHERE id = OLD.group_id AND name = 'administrator')
       AND NOT accounts_another_administrator() THEN
        PERFORM accounts_refuse_last_administrator();
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER last_administrator AFTER UPDATE OR DELETE ON accounts_roleassignment
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION accounts_role_left();

CREATE FUNCTION accounts_person_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.is_active AND (TG_OP = 'DELETE' OR NOT NEW.is_active)
       AND EXISTS (
            SELECT 1
              FROM accounts_roleassignment held
              JOIN auth_group role ON role.id = held.group_id
             WHERE held.user_id = OLD.id AND role.name = 'administrator'
       )
       AND NOT accounts_another_administrator() THEN
        PERFORM accounts_refuse_last_administrator();
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER last_administrator AFTER UPDATE OR DELETE ON accounts_user
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION accounts_person_left();

CREATE FUNCTION accounts_keep_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM accounts_refuse_last_administrator();
    RETURN NULL;
END $$;
CREATE TRIGGER keep_administrator_group BEFORE UPDATE OF name OR DELETE ON auth_group
    FOR EACH ROW WHEN (OLD.name = 'administrator') EXECUTE FUNCTION accounts_keep_roles();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON accounts_roleassignment
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_keep_roles();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON accounts_user
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_keep_roles();
"""

REMOVE = """
DROP TRIGGER refuse_truncate ON accounts_user;
DROP TRIGGER refuse_truncate ON accounts_roleassignment;
DROP TRIGGER keep_administrator_group ON auth_group;
DROP FUNCTION accounts_keep_roles();
DROP TRIGGER last_administrator ON accounts_user;
DROP FUNCTION accounts_person_left();
DROP TRIGGER last_administrator ON accounts_roleassignment;
DROP FUNCTION accounts_role_left();
DROP FUNCTION accounts_refuse_last_administrator();
DROP FUNCTION accounts_another_administrator();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_user_user_never_superuser"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunSQL(INSTALL, REMOVE)]
