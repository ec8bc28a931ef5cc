--- `:checkhealth istio_ls`
local M = {}

function M.check()
  vim.health.start("istio-ls")
  if vim.fn.has("nvim-0.11") == 0 then
    vim.health.error("Neovim 0.11 or later is needed")
    return
  end

  local config = vim.lsp.config.istio_ls
  local program = config.cmd[1]
  if vim.fn.executable(program) == 0 then
    vim.health.error(program .. " is not on the PATH", {
      "cargo install --locked --path ISTIO-LS-FOLDER",
      'or name it: vim.lsp.config("istio_ls", { cmd = { "/path/to/istio-ls" } })',
    })
  else
    local run = vim.system({ program, "--version" }, { text = true }):wait(5000)
    if run.code == 0 then
      vim.health.ok(vim.trim(run.stdout) .. ", " .. vim.fn.exepath(program))
    else
      vim.health.error(program .. " --version fails: " .. vim.trim(run.stderr or ""))
    end
  end

  if not vim.lsp.is_enabled("istio_ls") then
    vim.health.warn("not enabled", { 'vim.lsp.enable("istio_ls")' })
  end
  local clients = vim.lsp.get_clients({ name = "istio_ls" })
  if #clients == 0 then vim.health.info("runs in no buffer; open a YAML file") end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers)
    vim.health.ok(("runs in %s, buffers: %d, positions in %s"):format(client.root_dir, buffers, client.offset_encoding))
  end
end

return M
