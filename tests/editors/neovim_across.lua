-- What leads over several files, hints, the plugin's own commands, many edits in a row, and a second server beside.
-- Run as neovim.lua is, with $YAML_LANGUAGE_SERVER the folder that has the other server's program.

local test = dofile((debug.getinfo(1, "S").source:sub(2):gsub("neovim_across.lua$", "neovim_test.lua")))
local check, wait, line = test.check, test.wait, test.line

local function of(buffer, code)
  return vim.tbl_filter(function(finding) return finding.code == code end, vim.diagnostic.get(buffer))
end

local function definition(cart)
  vim.api.nvim_win_set_cursor(0, { 11, 16 })
  vim.lsp.buf.definition()
  local there = wait(function() return vim.api.nvim_buf_get_name(0):match("gateway%.yaml$") end)
  check("definition leads to the Gateway's name in its file", there and vim.api.nvim_get_current_line() == "  name: public", {
    vim.api.nvim_buf_get_name(0), vim.api.nvim_get_current_line(),
  })
  vim.cmd.buffer(cart)
end

local function fix_in_two_files(cart)
  check("the host is on neither Gateway", wait(function() return of(cart, "host-not-on-gateway")[1] end), vim.diagnostic.get(cart))
  vim.api.nvim_win_set_cursor(0, { 8, 8 })
  local titles = {}
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      titles[#titles + 1] = action.title
      return action.title:find("^add cart") ~= nil
    end,
  })
  local function added(file)
    local buffer = vim.fn.bufnr(file .. "$")
    return buffer > 0 and vim.tbl_contains(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "        - cart.example.com")
  end
  check("one fix adds it to both, in two files", wait(function() return added("/gateway.yaml") and added("/inner.yaml") end), titles)
  check("and the finding goes", wait(function() return #of(cart, "host-not-on-gateway") == 0 end), vim.diagnostic.get(cart))
end

local function hints(cart)
  vim.lsp.inlay_hint.enable(true, { bufnr = cart })
  local hint = wait(function() return vim.lsp.inlay_hint.get({ bufnr = cart })[1] end)
  check("a hint says what the destination is", hint and vim.inspect(hint.inlay_hint.label):find("storefront/cart:80", 1, true), hint)
end

local function plugin()
  vim.api.nvim_win_set_cursor(0, { 16, 22 })
  vim.cmd.IstioTls()
  local float = wait(function()
    return vim.iter(vim.api.nvim_list_wins()):find(function(window) return vim.api.nvim_win_get_config(window).relative ~= "" end)
  end)
  local text = float and table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false), "\n")
  check(":IstioTls shows the chain in a float", text and text:find("Istio mTLS", 1, true) and text:find("decides:", 1, true), text)
  if float then vim.api.nvim_win_close(float, true) end

  vim.cmd("checkhealth istio_ls")
  local report = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
  check(":checkhealth finds the program and the client", report:find("istio%-ls %d") and report:find("runs in"), report)
  vim.cmd("silent! bwipeout")
end

--- A server that has lost step with the buffer has the finding elsewhere, or none.
local function many_edits(cart)
  vim.cmd.buffer(cart)
  math.randomseed(7)
  for _ = 1, 300 do
    local row, words = math.random(0, 4), { "# é", "# 😀 x", "", "# ß" }
    if vim.api.nvim_buf_line_count(cart) > 40 then
      vim.api.nvim_buf_set_lines(cart, 0, 20, false, {})
    elseif row == 4 then
      vim.cmd("silent undo")
    else
      vim.api.nvim_buf_set_lines(cart, 0, 0, false, { words[row + 1], words[math.random(#words)] })
      vim.api.nvim_buf_set_text(cart, 0, 0, 0, 0, { "# 😀", "# " })
    end
  end
  vim.cmd("silent 1,$delete _")
  vim.api.nvim_buf_set_lines(cart, 0, -1, false, vim.fn.readfile("cart.yaml"))
  vim.api.nvim_buf_set_lines(cart, 10, 11, false, { "    - 'ingress/Größe 😀'" })
  local finding = wait(function() return of(cart, "unknown-gateway")[1] end)
  local marked = finding and line(cart, finding.lnum + 1):sub(finding.col + 1, finding.end_col)
  check("after 300 edits the server has the buffer's text", finding and finding.lnum == 10 and marked:find("Größe 😀", 1, true), {
    finding, marked,
  })
end

local function beside(cart)
  local other = wait(function() return vim.lsp.get_clients({ bufnr = cart, name = "yamlls" })[1] end)
  check("yaml-language-server is attached too", other and other.initialized, vim.lsp.get_clients({ bufnr = cart }))
  vim.api.nvim_buf_set_lines(cart, 0, -1, false, vim.fn.readfile("cart.yaml"))
  vim.api.nvim_buf_set_lines(cart, 11, 11, false, { "  gatewayz: []" })
  local function there()
    return vim.tbl_filter(function(one) return one.message:find("gatewayz", 1, true) end, vim.diagnostic.get(cart))
  end
  wait(function() return #there() > 0 end)
  -- The other server's turn comes after its own pause; it has answered when it has answered this.
  other:request_sync("textDocument/hover", vim.lsp.util.make_position_params(0, other.offset_encoding), 20000, cart)
  check("a wrong field is told once", #there() == 1 and there()[1].source == "istio-ls", vim.diagnostic.get(cart))
end

test.drive(function()
  vim.cmd("runtime! plugin/istio_ls.lua")
  vim.lsp.config("yamlls", {
    cmd = { vim.env.YAML_LANGUAGE_SERVER .. "/node_modules/.bin/yaml-language-server", "--stdio" },
    filetypes = { "yaml" },
    root_markers = { ".git" },
    settings = { yaml = { schemaStore = { enable = false } }, redhat = { telemetry = { enabled = false } } },
  })
  vim.lsp.enable({ "istio_ls", "yamlls" })
  local cart = test.edit("cart.yaml")
  check("istio-ls attaches", wait(function() return vim.lsp.get_clients({ bufnr = cart, name = "istio_ls" })[1] end))
  wait(function() return #vim.diagnostic.get(cart) > 0 end)
  definition(cart)
  hints(cart)
  plugin()
  fix_in_two_files(cart)
  many_edits(cart)
  beside(cart)
end)
