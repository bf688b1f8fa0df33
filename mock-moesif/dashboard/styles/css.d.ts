/** Stylesheets are imported for their effect: Vite puts them into the chunk of the module that imports them. */
declare module '*.css'
