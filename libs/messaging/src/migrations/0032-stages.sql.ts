/** First key of the advisory locks: writers hold them shared, a change of the live generation exclusively. */
export const LIVE_LOCK = 726_501;
export const BUILDING_LOCK = 726_502;

/** Fails with NB002 when this handler number, or this version of its code, is no longer live. */
export const ENTER_GENERATION = `
  CREATE FUNCTION nestbox.enter_generation(of_handler smallint, of_version int) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(${LIVE_LOCK}, of_handler);
    IF EXISTS (
      SELECT FROM nestbox.handlers h LEFT JOIN nestbox.generations g ON g.projection = h.name AND g.status = 'live'
      WHERE h.id = of_handler AND (h.retired_at IS NOT NULL OR coalesce(g.version, 1) <> of_version)
    ) THEN
      RAISE EXCEPTION 'Another generation of this projection is live.' USING ERRCODE = 'NB002';
    END IF;
  END $$`;

export const ENTER_BUILDING = `
  CREATE FUNCTION nestbox.enter_building(generation int) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(${BUILDING_LOCK}, generation);
    IF NOT EXISTS (SELECT FROM nestbox.generations WHERE id = generation AND status = 'building') THEN
      RAISE EXCEPTION 'Generation % is not being built any more.', generation USING ERRCODE = 'NB002';
    END IF;
  END $$`;

/** Refuses tables with parts that a copy would lack, or would share with the original. */
export const REFUSE_UNCOPYABLE = `
  CREATE FUNCTION nestbox.refuse_uncopyable(source regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
  DECLARE fault text;
  BEGIN
    SELECT coalesce(
      (SELECT 'has trigger ' || tgname FROM pg_trigger WHERE tgrelid = source AND NOT tgisinternal LIMIT 1),
      (SELECT 'has foreign key ' || conname FROM pg_constraint WHERE source IN (conrelid, confrelid) AND contype = 'f' LIMIT 1),
      (SELECT 'owns sequence ' || objid::regclass FROM pg_depend
        WHERE refobjid = source AND classid = 'pg_class'::regclass AND deptype = 'a'
          AND (SELECT relkind FROM pg_class WHERE oid = objid) = 'S' LIMIT 1),
      (SELECT 'is used by view ' || ev_class::regclass FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid
        WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = source
          AND (SELECT relnamespace FROM pg_class WHERE oid = ev_class)::regnamespace::text NOT LIKE 'nestbox%' LIMIT 1)
    ) INTO fault;
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION 'Table % % and cannot be rebuilt beside itself.', source, fault USING ERRCODE = 'NB003';
    END IF;
  END $$`;

export const GRANT_ALIKE = `
  CREATE FUNCTION nestbox.grant_alike(source regclass, stage text, relation text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog AS $$
  DECLARE to_role text; privilege text;
  BEGIN
    FOR to_role, privilege IN
      SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type
      FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
      WHERE c.oid = source AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    LOOP
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO %s', stage, to_role);
      EXECUTE format('GRANT %s ON %I.%I TO %s', privilege, stage, relation, to_role);
    END LOOP;
  END $$`;

/**
 * Creates a schema with only the projection's tables: empty copies with the same names, or, for a replay, views of the live
 * tables. Runs as the owner of the tables, and only for a generation that is being built.
 */
export const OPEN_STAGE = `
  CREATE FUNCTION nestbox.open_stage(generation int) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DECLARE g nestbox.generations; stage text := 'nestbox_g' || generation; t text; source regclass; part record;
  BEGIN
    SELECT * INTO STRICT g FROM nestbox.generations WHERE id = generation AND status = 'building';
    EXECUTE format('CREATE SCHEMA %I', stage);
    FOREACH t IN ARRAY g.tables LOOP
      SELECT oid::regclass INTO source FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relname = t AND relkind = 'r' AND t <> 'migrations';
      IF source IS NULL THEN RAISE EXCEPTION 'There is no table public.%.', t USING ERRCODE = 'NB003'; END IF;
      IF g.kind = 'replay' THEN
        EXECUTE format('CREATE VIEW %I.%I AS SELECT * FROM public.%I', stage, t, t);
      ELSE
        PERFORM nestbox.refuse_uncopyable(source);
        EXECUTE format('CREATE TABLE %I.%I (LIKE public.%I INCLUDING ALL EXCLUDING INDEXES)', stage, t, t);
        FOR part IN SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
          WHERE conrelid = source AND contype IN ('p', 'u', 'x') LOOP
          EXECUTE format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', stage, t, part.name, part.definition);
        END LOOP;
        FOR part IN SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index
          WHERE indrelid = source AND NOT EXISTS (
            SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x')) LOOP
          EXECUTE replace(part.definition, format(' ON public.%I USING ', t), format(' ON %I.%I USING ', stage, t));
        END LOOP;
      END IF;
      PERFORM nestbox.grant_alike(source, stage, t);
    END LOOP;
  END $$`;

/**
 * Replaces the live tables with the built ones and moves the old ones into their own schema. Claims, dead letters and parked
 * keys are renamed with them. Dead letters first: this waits for a running redrive, and a waiting one then finds none.
 */
export const SWAP_STAGE = `
  CREATE FUNCTION nestbox.swap_stage(generation int) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DECLARE g nestbox.generations; l nestbox.generations; t text; stage text := 'nestbox_g' || generation; kept text;
  BEGIN
    SELECT * INTO STRICT g FROM nestbox.generations
    WHERE id = generation AND status = 'building' AND kind IN ('rebuild', 'version') FOR UPDATE;
    SELECT * INTO STRICT l FROM nestbox.generations WHERE projection = g.projection AND status = 'live' FOR UPDATE;
    kept := 'nestbox_g' || l.id;
    UPDATE nestbox.dead_letters SET handler = g.projection || '@g' || l.id WHERE handler = g.projection;
    UPDATE nestbox.dead_letters SET handler = g.projection WHERE handler = g.projection || '@g' || g.id;
    UPDATE nestbox.handlers SET name = g.projection || '@g' || l.id, retired_at = now() WHERE name = g.projection;
    UPDATE nestbox.handlers SET name = g.projection WHERE name = g.projection || '@g' || g.id;
    EXECUTE format('CREATE SCHEMA %I', kept);
    FOREACH t IN ARRAY l.tables LOOP EXECUTE format('ALTER TABLE public.%I SET SCHEMA %I', t, kept); END LOOP;
    FOREACH t IN ARRAY g.tables LOOP EXECUTE format('ALTER TABLE %I.%I SET SCHEMA public', stage, t); END LOOP;
    EXECUTE format('DROP SCHEMA %I', stage);
    UPDATE nestbox.generations SET status = 'old', ended_at = now() WHERE id = l.id;
    UPDATE nestbox.generations SET status = 'live', problem = NULL WHERE id = g.id;
  END $$`;

/** Drops the tables of a generation that was replaced, cancelled or used for a replay. */
export const DROP_STAGE = `
  CREATE FUNCTION nestbox.drop_stage(generation int, outcome text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DECLARE g nestbox.generations;
  BEGIN
    SELECT * INTO STRICT g FROM nestbox.generations WHERE id = generation AND status IN ('building', 'old') FOR UPDATE;
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', 'nestbox_g' || generation);
    UPDATE nestbox.generations SET status = outcome, ended_at = now() WHERE id = generation;
    UPDATE nestbox.handlers SET retired_at = coalesce(retired_at, now()) WHERE name = g.projection || '@g' || generation;
  END $$`;
