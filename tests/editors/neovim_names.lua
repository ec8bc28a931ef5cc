-- What is done with names: found, listed, renamed in every file, and completed half-typed, with a second server beside.
-- Run as neovim.lua is, with $YAML_LANGUAGE_SERVER the folder that has the other server's program.

local test = dofile((debug.getinfo(1, "S").source:sub(2):gsub("neovim_names.lua$", "neovim_test.lua")))
local check, wait, line = test.check, test.wait, test.line

--- What the commands that fill a list find, as `file:line text` in order.
local function listed(ask)
  local found
  ask({
    on_list = function(list)
      found = vim.tbl_map(function(item)
        return ("%s:%d %s"):format(vim.fs.basename(item.filename or vim.api.nvim_buf_get_name(0)), item.lnum, vim.trim(item.text))
      end, list.items)
    end,
  })
  return wait(function() return found end)
end

local function has(list, words)
  return vim.iter(list or {}):any(function(item) return item:find(words, 1, true) end)
end

local function symbols()
  local here = listed(vim.lsp.buf.document_symbol)
  check("the file's symbols are its resource and its route", has(here, "cart.yaml:4 [Object] cart") and has(here, "cart.yaml:16"), here)
  local everywhere = listed(function(options) vim.lsp.buf.workspace_symbol("public", options) end)
  check("the workspace's symbols have the Gateway", has(everywhere, "gateway.yaml:9"), everywhere)
end

local function rename()
  vim.api.nvim_win_set_cursor(0, { 11, 16 })
  local mentions = listed(function(options) vim.lsp.buf.references(nil, options) end)
  table.sort(mentions or {})
  check("references are the Gateway and who names it", vim.deep_equal(mentions, {
    "cart.yaml:11 - ingress/public", "gateway.yaml:9 name: public", "routes.yaml:10 - ingress/public",
  }), mentions)

  vim.lsp.buf.rename("edge")
  local function renamed(file, number, text)
    local buffer = vim.fn.bufnr("/" .. file .. "$")
    return buffer > 0 and line(buffer, number) == text
  end
  check("a rename reaches all three files", wait(function()
    return renamed("cart.yaml", 11, "    - ingress/edge") and renamed("gateway.yaml", 9, "  name: edge")
      and renamed("routes.yaml", 10, "    - ingress/edge")
  end), vim.api.nvim_buf_get_lines(0, 0, -1, false))
end

--- Both servers answer, as a completion plugin asks them; the half-typed name stands behind an emoji.
local function completion(cart)
  vim.api.nvim_buf_set_lines(cart, 9, 12, false, { "  gateways: [ 'Größe 😀', ingress/ed" })
  local row, column = 10, #line(cart, 10)
  local answers = vim.lsp.buf_request_sync(cart, "textDocument/completion", function(client)
    local character = vim.str_utfindex(line(cart, row), client.offset_encoding, column)
    return {
      textDocument = vim.lsp.util.make_text_document_params(cart),
      position = { line = row - 1, character = character },
    }
  end, 20000)
  local offered = {}
  for id, answer in pairs(answers or {}) do
    local encoding = assert(vim.lsp.get_client_by_id(id)).offset_encoding
    for _, item in ipairs(answer.result and (answer.result.items or answer.result) or {}) do
      if item.label == "ingress/edge" then offered[#offered + 1] = { item, encoding } end
    end
  end
  check("both servers are asked and the Gateway is offered once", #vim.tbl_keys(answers) == 2 and #offered == 1, answers)
  vim.lsp.util.apply_text_edits({ offered[1][1].textEdit }, cart, offered[1][2])
  check("accepted, it takes the place of what was typed", line(cart, 10) == "  gateways: [ 'Größe 😀', ingress/edge", line(cart, 10))
end

local function hover(cart)
  vim.api.nvim_win_set_cursor(0, { 8, 8 })
  local answers = vim.lsp.buf_request_sync(cart, "textDocument/hover", function(client)
    return vim.lsp.util.make_position_params(0, client.offset_encoding)
  end, 20000)
  local speakers = {}
  for _, answer in pairs(answers or {}) do
    if answer.result then speakers[#speakers + 1] = answer.result end
  end
  check("one of the two servers speaks in a hover", #vim.tbl_keys(answers) == 2 and #speakers == 1, answers)
end

--- Neovim calls a chart's template YAML by itself; a plugin for Helm sets the file type.
local function helm()
  vim.fn.mkdir("chart/templates", "p")
  vim.fn.writefile({ "apiVersion: v2", "name: shop", "version: 1.0.0" }, "chart/Chart.yaml")
  local template = vim.fn.readfile("cart.yaml")
  template[4] = "  name: {{ .Release.Name }}"
  vim.fn.writefile(template, "chart/templates/cart.yaml")
  vim.cmd("noautocmd edit chart/templates/cart.yaml")
  vim.bo.filetype = "helm"
  local buffer = vim.api.nvim_get_current_buf()
  local names = wait(function()
    local clients = vim.lsp.get_clients({ bufnr = buffer })
    return #clients > 0 and vim.tbl_map(function(client) return client.name end, clients)
  end)
  check("istio-ls alone serves a buffer of type helm", vim.deep_equal(names, { "istio_ls" }), names)
  local found = listed(vim.lsp.buf.document_symbol)
  check("and knows the template's resource", has(found, "cart.yaml:"), found)
end

test.drive(function()
  vim.lsp.config("yamlls", {
    cmd = { vim.env.YAML_LANGUAGE_SERVER .. "/node_modules/.bin/yaml-language-server", "--stdio" },
    filetypes = { "yaml" },
    root_markers = { ".git" },
    settings = { yaml = { schemaStore = { enable = false } }, redhat = { telemetry = { enabled = false } } },
  })
  vim.lsp.enable({ "istio_ls", "yamlls" })
  local cart = test.edit("cart.yaml")
  check("both servers attach", wait(function()
    local clients = vim.lsp.get_clients({ bufnr = cart })
    return #clients == 2 and clients[1].initialized and clients[2].initialized
  end), vim.lsp.get_clients({ bufnr = cart }))
  check("istio-ls has read the workspace", wait(function() return #vim.diagnostic.get(cart) > 0 end))
  symbols()
  hover(cart)
  rename()
  completion(cart)
  helm()
end)
