/**
 * Writes the app's types of what comes from Rust: of the API from its description, of the
 * core from its schemas. With `--check` it writes nothing, and fails when they are stale.
 */

import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'
import { format, resolveConfig } from 'prettier'

const SOURCES = [
  { from: '../server/openapi.json', to: 'src/core/shared/generated/api.ts' },
  { from: 'core-types.json', to: 'src/core/shared/generated/model.ts' },
]

/** Names a type's list of codes: `MetBefore` → `MET_BEFORE`. */
const constant = (name) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()

/** Returns the closed lists and the limits as values: types are gone once the app runs. */
function values({ components: { schemas }, 'x-limits': limits = {} }) {
  const lists = Object.entries(schemas).filter(([, schema]) => schema.enum)
  return [
    ...lists.map(([name, { enum: codes }]) => [
      constant(name),
      `${JSON.stringify(codes)} as const`,
    ]),
    ...Object.entries(limits),
  ]
    .map(([name, value]) => `export const ${name} = ${value}`)
    .join('\n')
}

/** Names each key of a map whose keys are a closed list: the types would allow any. */
const named = (schema) =>
  schema.propertyNames?.enum
    ? {
        ...schema,
        properties: Object.fromEntries(
          schema.propertyNames.enum.map((key) => [key, schema.additionalProperties]),
        ),
        additionalProperties: false,
      }
    : schema

/** Returns the text of the file. Paths are left out: many operations bear one name, and the app names its calls. */
async function typesOf({ from, to }) {
  const description = JSON.parse(await readFile(from, 'utf8'), (_, value) =>
    typeof value === 'object' && value !== null ? named(value) : value,
  )
  const { openapi, info, components } = description
  const types = await openapiTS(
    { openapi, info, paths: {}, components: { schemas: components.schemas } },
    { rootTypes: true, rootTypesNoSchemaPrefix: true, alphabetize: true, arrayLength: true },
  )
  const text = `// Generated from ${from} by \`npm run generate\`: not to be changed by hand.\n\n${astToString(types)}\n${values(description)}\n`
  return format(text, { ...(await resolveConfig(to)), filepath: to })
}

const check = process.argv.includes('--check')
for (const source of SOURCES) {
  const made = await typesOf(source)
  const kept = await readFile(source.to, 'utf8').catch(() => '')
  if (made !== kept && check) {
    process.stderr.write(`${source.to} is stale: run \`npm run generate\`\n`)
    process.exitCode = 1
  } else if (made !== kept) {
    await writeFile(source.to, made)
    process.stdout.write(`wrote ${source.to}\n`)
  }
}
