-- istio-ls for Neovim 0.11 and later: put this folder's parent on 'runtimepath', then `vim.lsp.enable("istio_ls")`.
---@type vim.lsp.Config
return {
  cmd = { "istio-ls" },
  filetypes = { "yaml", "helm" },
  root_dir = function(buffer, start)
    local file = vim.api.nvim_buf_get_name(buffer)
    -- A buffer of another plugin (`fugitive://...`) is no file of a workspace.
    if vim.bo[buffer].buftype ~= "" or file:find("^%w+://") then return end
    local folder = file == "" and vim.fn.getcwd() or vim.fs.dirname(file)
    start(vim.fs.root(buffer, { "istio-ls.yaml" }) or vim.fs.root(buffer, { ".git" }) or folder)
  end,
}
