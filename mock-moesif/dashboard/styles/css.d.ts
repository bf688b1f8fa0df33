/** Stylesheets are imported for what they do: Vite puts them into the chunk of the module that names them. */
declare module '*.css'
