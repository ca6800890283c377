-- First start of the register's PostgreSQL: two roles and their database. Runs once, as the superuser.
-- ykien_owner migrates and owns the tables; ykien_app is what the processes sign in as, and gets its rights from
-- `ykien migrate --grant-to ykien_app` after each migration.
\set ON_ERROR_STOP on
\set owner_password `cat /run/secrets/register_owner_password`
\set app_password `cat /run/secrets/register_app_password`
-- A missing file gives an empty password: stop by dividing by zero instead.
SELECT 1 / (length(:'owner_password') >= 32 AND length(:'app_password') >= 32)::int AS passwords_are_there;

CREATE ROLE ykien_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE ykien_app LOGIN PASSWORD :'app_password';
CREATE DATABASE ykien OWNER ykien_owner;
REVOKE ALL ON DATABASE ykien FROM PUBLIC;
