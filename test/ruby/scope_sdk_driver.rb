# frozen_string_literal: true

# Runs the official Scope SDK for Ruby through a list of calls and prints what it answered, as JSON.
#
# Reads one JSON document from standard input:
#   { "url", "client_secret", "calls": [ { "name", "label"?, "version"?, "renders"?: [{ name: value }, ...] } ] }

require 'json'
require 'scope_client'

def describe_error(error)
  { error: error.class.name.split('::').last, status: error.respond_to?(:http_status) ? error.http_status : nil,
    message: error.message }.compact
end

def render(version, values)
  { text: version.render(values) }
rescue StandardError => e
  describe_error(e)
end

def answer(client, call)
  version = client.get_prompt_version(call['name'], label: call['label'], version: call['version'])
  # Each by its method: the SDK makes one of every key of the body.
  { id: version.version_id, versionNumber: version.version, name: version.name, promptId: version.prompt_id,
    type: version.type, status: version.status, isProduction: version.is_production?, content: version.content,
    variables: version.variables, metadata: version.metadata, tags: version.tags, promotedAt: version.promoted_at,
    promotedBy: version.promoted_by, states: [version.draft?, version.published?, version.archived?],
    renders: (call['renders'] || []).map { |values| render(version, values) } }
rescue StandardError => e
  describe_error(e)
end

job = JSON.parse($stdin.read)
credentials = ScopeClient::Credentials::ApiKey.new(
  org_id: 'local', client_id: 'local', client_secret: job['client_secret']
)
client = ScopeClient::Client.new(
  credentials: credentials, base_url: job['url'], auth_api_url: job['url'], max_retries: 0
)
puts JSON.generate(job['calls'].map { |call| answer(client, call) })
