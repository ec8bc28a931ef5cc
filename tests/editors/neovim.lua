-- Drives Neovim without a screen: `nvim --headless --clean -l neovim.lua`. Run by `tests/editors/run`, in a copy of `workspace/`.
-- Columns are bytes here and the finding stands behind an umlaut and an emoji, so a wrong position encoding shows.

local test = dofile((debug.getinfo(1, "S").source:sub(2):gsub("neovim.lua$", "neovim_test.lua")))
local check, wait, edit, line = test.check, test.wait, test.edit, test.line

local function findings(buffer)
  return vim.tbl_filter(function(diagnostic) return diagnostic.code == "unknown-gateway" end, vim.diagnostic.get(buffer))
end

local function drive(encoding)
  vim.lsp.config("istio_ls", { capabilities = { general = { positionEncodings = { encoding } } } })
  vim.lsp.enable("istio_ls")
  local routes = edit("routes.yaml")

  local client = wait(function() return vim.lsp.get_clients({ bufnr = routes, name = "istio_ls" })[1] end)
  check("the client attaches", client)
  check("positions are in " .. encoding, client.offset_encoding == encoding, client.offset_encoding)

  local finding = wait(function() return findings(routes)[1] end)
  check("the finding carries its rule and source", finding and finding.source == "istio-ls", vim.diagnostic.get(routes))
  local marked = line(routes, finding.lnum + 1):sub(finding.col + 1, finding.end_col)
  check("it covers the name behind the emoji", finding.lnum == 11 and marked == "ingress/pubilc", finding)

  vim.api.nvim_win_set_cursor(0, { 10, 10 })
  local hover = vim.lsp.buf_request_sync(
    routes, "textDocument/hover", vim.lsp.util.make_position_params(0, client.offset_encoding), 20000
  )[client.id]
  check("hover shows the Gateway", hover.result and vim.inspect(hover.result.contents):find("Gateway"), hover)

  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  local fixes = {}
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      local fits = action.kind:find("^quickfix") and action.title:find("ingress/public", 1, true)
      fixes[#fixes + 1] = fits and action.title or nil
      return fits
    end,
  })
  local fixed = "    - match: [{name: Größe 😀, gateways: [ingress/public]}]"
  check("the quick fix changes the name and nothing else", wait(function() return line(routes, 12) == fixed end), {
    line(routes, 12), fixes,
  })
  check("the finding goes", wait(function() return #findings(routes) == 0 end), vim.diagnostic.get(routes))

  local gateway = edit("gateway.yaml")
  vim.api.nvim_buf_set_lines(gateway, 8, 9, false, { "  name: other # Ärger 😀" })
  check("a change of the Gateway is felt in the routes", wait(function() return #findings(routes) > 0 end), {
    vim.diagnostic.get(routes),
  })
  vim.cmd("silent undo")
  check("undone, it is right again", wait(function() return #findings(routes) == 0 end), vim.diagnostic.get(routes))

  client:stop()
  check("the server ends when it is told", wait(function() return client:is_stopped() end))
end

test.drive(function() drive(vim.env.ENCODING) end)
